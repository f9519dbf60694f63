# CHECKSUM: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:FORWARD
-j CHECKSUM --checksum-fill;=;OK
-p tcp -j CHECKSUM --checksum-fill;=;OK
-p udp -j CHECKSUM --checksum-fill;=;OK
-j CHECKSUM;;FAIL
-j CHECKSUM --checksum-fill --checksum-fill;;FAIL
*filter
@family 4
:FORWARD
-j CHECKSUM --checksum-fill;;FAIL
*mangle
@family 6
:FORWARD
-j CHECKSUM --checksum-fill;=;OK
