# rpfilter: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
*mangle
:PREROUTING
-m rpfilter;=;OK
-m rpfilter --loose;=;OK
-m rpfilter --validmark;=;OK
-m rpfilter --accept-local;=;OK
-m rpfilter --invert;=;OK
-m rpfilter ! --invert;;FAIL
-m rpfilter ! --loose;;FAIL
-m rpfilter --loose --loose;;FAIL
-m rpfilter --invert --loose --accept-local --validmark;-m rpfilter --loose --validmark --accept-local --invert;OK
*raw
:PREROUTING
-m rpfilter --invert;=;OK
*nat
:PREROUTING
-m rpfilter --invert;;FAIL
*filter
:INPUT
-m rpfilter --invert;;FAIL
*mangle
:FORWARD
-m rpfilter;;FAIL
@family 6
:PREROUTING
-m rpfilter;=;OK
-m rpfilter --loose --invert;=;OK
@family 4
*mangle
:PREROUTING
-m rpfilter;udp 192.0.2.9:1 > 198.51.100.2:2 in eth0;match
-m rpfilter --invert;udp 192.0.2.9:1 > 198.51.100.2:2 in eth0;no
-m rpfilter --loose;udp 192.0.2.9:1 > 198.51.100.2:2 in eth0;match
