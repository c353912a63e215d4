"""SIP without sockets, clocks or tasks: values, rules and state machines, told everything."""
