# connlabel: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m connlabel;;FAIL
-m connlabel --label 3;-m connlabel --label "3";OK
-m connlabel ! --label 3;-m connlabel ! --label "3";OK
-m connlabel --label 3 --set;-m connlabel --label "3" --set;OK
-m connlabel ! --label 3 --set;-m connlabel ! --label "3" --set;OK
-m connlabel --set;;FAIL
-m connlabel --label 127;-m connlabel --label "127";OK
-m connlabel --label 128;;FAIL
-m connlabel --label 0;-m connlabel --label "0";OK
-m connlabel --label -1;;FAIL
-m connlabel --label 0x10;-m connlabel --label "16";OK
-m connlabel --label 010;-m connlabel --label "8";OK
-m connlabel --label 3x;;FAIL
-m connlabel --label "";;FAIL
-m connlabel --label foo;;FAIL
-m connlabel --label 3 --label 4;;FAIL
-m connlabel --label 3 ! --set;;FAIL
-m connlabel --label " 3";-m connlabel --label "3";OK
@family 6
-m connlabel --label 7;-m connlabel --label "7";OK
@family 4
*filter
:INPUT
-m connlabel --label "3";udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connlabel ! --label "3";udp 192.0.2.9:1 > 198.51.100.2:2;match
-m connlabel --label "3" --set;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connlabel ! --label "3" --set;udp 192.0.2.9:1 > 198.51.100.2:2;match
