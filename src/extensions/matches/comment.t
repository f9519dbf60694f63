# comment: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m comment --comment foo;=;OK
-m comment --comment "foo bar";=;OK
-m comment;;FAIL
-m comment ! --comment foo;;FAIL
-m comment --comment a --comment b;;FAIL
-m comment --comment "ünï";=;OK
-m comment --comment "a*/b /* c";=;OK
-m comment --comment a.b:c;-m comment --comment "a.b:c";OK
-m comment --comment -foo;=;OK
-m comment --comment a -m comment --comment b;=;OK
-m comment --comment "foo \"bar\" 'x' \\ y";-m comment --comment "foo \"bar\" \'x\' \\ y";OK
-m comment --comment "always";tcp 192.0.2.9:40000 > 198.51.100.2:85 syn;match
