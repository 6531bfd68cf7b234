"""The report as one page: nothing from elsewhere, no script, light and dark, every text escaped."""

from __future__ import annotations

import html as escaping
from typing import Any

from verienv.audit.findings import SEVERITIES, Finding, Result
from verienv.audit.report import Report
from verienv.audit.study import repeated

LONGEST = 600
"""Characters of a reply that the page shows."""


def html(report: Report) -> str:
    """A whole HTML document."""
    worst = report.worst
    verdict = f"{len(report.findings)} findings, the worst {worst}" if worst else "nothing found"
    counts = "".join(f'<span class="pill {name}">{count} {name}</span>' for name, count in report.counts().items())
    best = report.best
    facts = {
        "items": f"{report.items:,}",
        "calls": f"{report.calls:,}",
        "effort": f"{report.effort}, seed {report.seed}",
        "time": f"{report.seconds:.1f} s",
        "oracle": "unknown" if report.oracle is None else f"{report.oracle:.2f}",
        "chance": f"{report.chance:.2f}",
        "best blind policy": "" if best is None else f"{best.policy}: {best.mean:.2f}",
    }
    told = "".join(
        f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in facts.items() if value
    )
    findings = "".join(map(_finding, report.findings)) or '<p class="none">No property was seen to break.</p>'
    notes = "".join(f"<li>{_text(note)}</li>" for note in report.notes)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Audit of {_text(report.target)}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<p class="kind">verifier audit</p>
<h1>{_text(report.target)}</h1>
<p class="verdict {worst or "sound"}">{_text(verdict)}</p>
<p>{counts}</p>
<dl>{told}</dl>
</header>
<main>
<h2>Findings</h2>
{findings}
<h2>Properties</h2>
<table>
<thead>
<tr><th></th><th>property</th><th>promise</th><th>seen</th><th class="n">calls</th><th class="n">s</th></tr>
</thead>
<tbody>{"".join(map(_row, report))}</tbody>
</table>
{f"<h2>Notes</h2><ul>{notes}</ul>" if notes else ""}
<p class="foot">An audit shows faults; that it shows none does not prove that there is none.</p>
</main>
</body>
</html>
"""


def shown(reply: Any) -> str:
    """A reply for a reader: a long one cut, one piece again and again told as that."""
    if isinstance(reply, str) and len(reply) > LONGEST and (run := repeated(reply)):
        before, unit, count, after = run
        return " + ".join(
            [*([repr(before)] if before else []), f"{unit!r} × {count:,}", *([repr(after)] if after else [])]
        )
    text = reply if isinstance(reply, str) else repr(reply)
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"
    return cut or "(nothing)"


def _finding(each: Finding) -> str:
    rows = []
    if each.reply is not None:
        earned = "" if each.value is None else f' <span class="earns">earns {_text(f"{each.value:g}")}</span>'
        where = "" if each.item is None else f" to item {each.item}"
        rows.append(f"<h4>reply{where}{earned}</h4><pre>{_text(shown(each.reply))}</pre>")
    if each.reproduce:
        rows.append(f'<h4>reproduce</h4><pre class="command">{_text(each.reproduce)}</pre>')
    return (
        f'<article class="{each.severity}"><h3><span class="pill {each.severity}">{each.severity}</span> '
        f"<b>{_text(each.property)}</b> {_text(each.title)}</h3>"
        f"<p>{_text(each.detail)}</p>{''.join(rows)}</article>"
    )


def _row(result: Result) -> str:
    mark = {"kept": "✓", "broken": "✗", "skipped": "·"}[result.status]
    calls = f"{result.calls:,}" if result.calls else ""
    return (
        f'<tr class="{result.status}"><td class="mark">{mark}</td><td><b>{_text(result.name)}</b></td>'
        f"<td>{_text(result.promise)}</td><td>{_text(result.detail)}</td>"
        f'<td class="n">{calls}</td><td class="n">{result.seconds:.1f}</td></tr>'
    )


def _text(text: str) -> str:
    """Escaped, with every control, format and bidirectional character and every surrogate spelt out."""
    plain = "".join(mark if mark.isprintable() or mark == "\n" else ascii(mark)[1:-1] for mark in text)
    return escaping.escape(plain, quote=True)


_COLOURS = {"critical": "#b3123f", "high": "#c8371c", "medium": "#a86200", "low": "#1b6c9c", "info": "#6b6f76"}
_PILLS = "".join(
    f".pill.{name}{{background:{_COLOURS[name]}}}article.{name}{{border-left-color:{_COLOURS[name]}}}"
    for name in SEVERITIES
)
STYLE = (
    """
:root{color-scheme:light dark;--paper:#fdfdfc;--ink:#1d2025;--faint:#656b75;--rule:#e2e3e6;--well:#f3f4f5;
  --good:#1c7a43}
@media(prefers-color-scheme:dark){:root{--paper:#15171b;--ink:#e7e8ea;--faint:#9aa1ac;--rule:#2c3038;
  --well:#1e2127;--good:#57c785}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:2.5rem 1.5rem 4rem;background:var(--paper);color:var(--ink);
  font:16px/1.5 system-ui,sans-serif}
.kind{margin:0;color:var(--faint);text-transform:uppercase;letter-spacing:.08em;font-size:.75rem}
h1{margin:.1rem 0 .4rem;font-size:1.9rem;overflow-wrap:anywhere}
h2{margin:2.4rem 0 .8rem;font-size:1.15rem;border-bottom:1px solid var(--rule);padding-bottom:.3rem}
.verdict{margin:0 0 .6rem;font-size:1.1rem;color:var(--faint)}
.verdict.sound{color:var(--good);font-weight:600}
dl{display:flex;flex-wrap:wrap;gap:.6rem 2.2rem;margin:1rem 0 0}
dt{color:var(--faint);font-size:.8rem}
dd{margin:0;overflow-wrap:anywhere}
.pill{display:inline-block;color:#fff;border-radius:1em;padding:.02em .7em;font-size:.8rem;font-weight:600;
  margin-right:.35rem}
article{border:1px solid var(--rule);border-left:4px solid;border-radius:6px;padding:.8rem 1.1rem;margin:0 0 1rem}
article h3{margin:0;font-size:1rem;font-weight:400;overflow-wrap:anywhere}
article p{margin:.4rem 0;color:var(--faint);overflow-wrap:anywhere}
h4{margin:.7rem 0 .2rem;font-size:.8rem;font-weight:600;color:var(--faint)}
.earns{font-weight:400}
pre{margin:0;padding:.5rem .7rem;background:var(--well);border-radius:4px;white-space:pre-wrap;
  overflow-wrap:anywhere;font:13px/1.45 ui-monospace,monospace}
table{width:100%;border-collapse:collapse;font-size:.88rem}
th{text-align:left;color:var(--faint);font-weight:500}
td,th{padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--rule);vertical-align:top;overflow-wrap:anywhere}
.n{text-align:right;white-space:nowrap;overflow-wrap:normal;font-variant-numeric:tabular-nums}
td:nth-child(2){white-space:nowrap}
.kept .mark{color:var(--good)}
.broken .mark{color:#c8371c}
.skipped{color:var(--faint)}
.none{color:var(--good)}
.foot{margin-top:2.5rem;color:var(--faint);font-size:.85rem}
@media(max-width:44rem){td:nth-child(4),th:nth-child(4){display:none}}
"""
    + _PILLS
)
