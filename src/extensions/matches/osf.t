# osf: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m osf;;FAIL
-p tcp -m osf --genre Linux;=;OK
-p tcp -m osf ! --genre Linux;=;OK
-p tcp -m osf --genre Linux --ttl 1;=;OK
-p tcp -m osf --genre Linux --ttl 2 --log 2;=;OK
-p tcp -m osf --genre Linux --log 3;;FAIL
-p tcp -m osf --log 1;;FAIL
-p tcp -m osf --genre aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;=;OK
-p tcp -m osf --genre aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;-p tcp -m osf --genre aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;OK
-p tcp -m osf --genre aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;-p tcp -m osf --genre aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;OK
-p tcp -m osf --genre Linux --genre Linux;;FAIL
-p tcp -m osf --genre unknown;=;OK
-p udp -m osf --genre Linux;;FAIL
! -p tcp -m osf --genre Linux;;FAIL
-p tcp -m osf --genre Linux:2.4;=;OK
-p udp -m osf --genre "a'b";;FAIL
:FORWARD
-p tcp -m osf --genre Linux;=;OK
:OUTPUT
-p tcp -m osf --genre Linux;;FAIL
*mangle
:POSTROUTING
-p tcp -m osf --genre Linux;;FAIL
:PREROUTING
-p tcp -m osf --genre Linux --ttl 0;=;OK
@family 4
*filter
:INPUT
-p tcp -m osf --genre Linux;tcp 192.0.2.9:1 > 198.51.100.2:2 syn;no
-p tcp -m osf ! --genre Linux;tcp 192.0.2.9:1 > 198.51.100.2:2 syn;no
