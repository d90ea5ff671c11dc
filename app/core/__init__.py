"""The subject: facts and rules of notifying a breach. No Qt, SQL, sockets, threads or files."""
