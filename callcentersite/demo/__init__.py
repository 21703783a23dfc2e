"""``make demo``: the whole console on one machine, with data, a web server and a real worker."""
