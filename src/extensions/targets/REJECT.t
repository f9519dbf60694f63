# REJECT: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:INPUT
-j REJECT;-j REJECT --reject-with icmp-port-unreachable;OK
-p tcp -j REJECT --reject-with tcp-reset;=;OK
-p tcp -j REJECT --reject-with tcp-res;-p tcp -j REJECT --reject-with tcp-reset;OK
-p tcp -j REJECT --reject-with icmp-host;-p tcp -j REJECT --reject-with icmp-host-unreachable;OK
-p tcp -j REJECT --reject-with icmp;-p tcp -j REJECT --reject-with icmp-net-unreachable;OK
-p tcp -j REJECT --reject-with t;-p tcp -j REJECT --reject-with tcp-reset;OK
-p tcp -j REJECT --reject-with TCP-RESET;-p tcp -j REJECT --reject-with tcp-reset;OK
-p tcp -j REJECT --reject-with "";-p tcp -j REJECT --reject-with icmp-net-unreachable;OK
-p tcp -j REJECT --reject-with net-unreach;-p tcp -j REJECT --reject-with icmp-net-unreachable;OK
-p tcp -j REJECT --reject-with host-unreach;-p tcp -j REJECT --reject-with icmp-host-unreachable;OK
-p tcp -j REJECT --reject-with proto-unreach;-p tcp -j REJECT --reject-with icmp-proto-unreachable;OK
-p tcp -j REJECT --reject-with port-unreach;-p tcp -j REJECT --reject-with icmp-port-unreachable;OK
-p tcp -j REJECT --reject-with net-prohib;-p tcp -j REJECT --reject-with icmp-net-prohibited;OK
-p tcp -j REJECT --reject-with host-prohib;-p tcp -j REJECT --reject-with icmp-host-prohibited;OK
-p tcp -j REJECT --reject-with admin-prohib;-p tcp -j REJECT --reject-with icmp-admin-prohibited;OK
-p tcp -j REJECT --reject-with tcp-rst;-p tcp -j REJECT --reject-with tcp-reset;OK
-j REJECT --reject-with tcp-reset;;FAIL
-p udp -j REJECT --reject-with tcp-reset;;FAIL
! -p tcp -j REJECT --reject-with tcp-reset;;FAIL
-p tcp -j REJECT --reject-with help;;FAIL
-p tcp -j REJECT --reject-with echo-reply;;FAIL
-j REJECT --reject-with icmp6-no-route;;FAIL
-j REJECT --reject-with icmp-host-prohibited --reject-with icmp-net-prohibited;;FAIL
-j REJECT ! --reject-with icmp-host-prohibited;;FAIL
*filter
@family 6
:INPUT
-j REJECT;-j REJECT --reject-with icmp6-port-unreachable;OK
-j REJECT --reject-with icmp6-no-route;=;OK
-j REJECT --reject-with no-route;-j REJECT --reject-with icmp6-no-route;OK
-j REJECT --reject-with icmp6-adm-prohibited;=;OK
-j REJECT --reject-with adm-prohibited;-j REJECT --reject-with icmp6-adm-prohibited;OK
-j REJECT --reject-with icmp6-addr-unreachable;=;OK
-j REJECT --reject-with addr-unreach;-j REJECT --reject-with icmp6-addr-unreachable;OK
-j REJECT --reject-with icmp6-addr-unreach;-j REJECT --reject-with icmp6-addr-unreachable;OK
-j REJECT --reject-with icmp6-port-unreachable;=;OK
-j REJECT --reject-with port-unreach;-j REJECT --reject-with icmp6-port-unreachable;OK
-p tcp -j REJECT --reject-with tcp-reset;=;OK
-p tcp -j REJECT --reject-with icmp6-policy-fail;=;OK
-p tcp -j REJECT --reject-with policy-fail;-p tcp -j REJECT --reject-with icmp6-policy-fail;OK
-p tcp -j REJECT --reject-with icmp6-reject-route;=;OK
-p tcp -j REJECT --reject-with reject-route;-p tcp -j REJECT --reject-with icmp6-reject-route;OK
-p tcp -j REJECT --reject-with icmp6;-p tcp -j REJECT --reject-with icmp6-no-route;OK
-j REJECT --reject-with tcp-reset;;FAIL
-p tcp -j REJECT --reject-with icmp6-not-neighbour;;FAIL
-p tcp -j REJECT --reject-with icmp6-beyond-scope;;FAIL
-p tcp -j REJECT --reject-with foo;;FAIL
-j REJECT --reject-with echo-reply;;FAIL
! -p tcp -j REJECT --reject-with tcp-reset;;FAIL
*mangle
@family 4
:INPUT
-j REJECT;;FAIL
*raw
@family 4
:PREROUTING
-j REJECT;;FAIL
*nat
@family 4
:PREROUTING
-j REJECT;;FAIL
*security
@family 4
:INPUT
-j REJECT;;FAIL
