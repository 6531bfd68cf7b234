"""Episodes and scores over HTTP and WebSocket: `verienv serve`."""
