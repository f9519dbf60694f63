# TTL: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:FORWARD
-j TTL --ttl-set 0;=;OK
-j TTL --ttl-set 255;=;OK
-j TTL --ttl-dec 1;=;OK
-j TTL --ttl-dec 255;=;OK
-j TTL --ttl-inc 1;=;OK
-j TTL;;FAIL
-j TTL --ttl-set 256;;FAIL
-j TTL --ttl-dec 0;;FAIL
-j TTL --ttl-inc 0;;FAIL
-j TTL --ttl-inc 256;;FAIL
-j TTL --ttl-inc foo;;FAIL
-j TTL --ttl-set 1 --ttl-inc 5;;FAIL
-j TTL --ttl-inc 5 --ttl-inc 6;;FAIL
*filter
@family 4
:FORWARD
-j TTL --ttl-set 1;;FAIL
*mangle
@family 6
:FORWARD
-j TTL --ttl-set 1;;FAIL
