# ipcomp: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-p ipcomp -m ipcomp;-p ipcomp -m ipcomp --ipcompspi 0;OK
-p ipcomp --ipcompspi 18;-p ipcomp -m ipcomp --ipcompspi 18;OK
-p ipcomp -m ipcomp --ipcompspi 18:20;=;OK
-p ipcomp -m ipcomp --ipcompspi 0:65535;=;OK
-p ipcomp -m ipcomp --ipcompspi 0:4294967295;-p ipcomp -m ipcomp;OK
-p ipcomp -m ipcomp ! --ipcompspi 0:4294967295;-p ipcomp -m ipcomp;OK
-p ipcomp -m ipcomp --ipcompspi 70000;=;OK
-p ipcomp -m ipcomp --ipcompspi 9:2;=;OK
-p ipcomp -m ipcomp --compres;-p ipcomp -m ipcomp --ipcompspi 0 --compres;OK
-p ipcomp -m ipcomp ! --compres;;FAIL
-p ipcomp -m ipcomp --ipcompspi 5 --compres;=;OK
-p ipcomp -m ipcomp ! --ipcompspi 5:9 --compres;=;OK
-m ipcomp --ipcompspi 5;;FAIL
-p 108 -m ipcomp --ipcompspi 5 --ipcompspi 6;;FAIL
-p ipcomp -m ipcomp --ipcompspi x;;FAIL
-p ipcomp -m ipcomp --ipcompspi 1:2:3;;FAIL
-p ipcomp --compres;-p ipcomp -m ipcomp --ipcompspi 0 --compres;OK
@family 6
-p ipcomp -m ipcomp --ipcompspi 18;=;OK
-p ipcomp -m ipcomp ! --ipcompspi 18:20;=;OK
@family 4
*filter
:INPUT
-p ipcomp -m ipcomp --ipcompspi 18;ipcomp 192.0.2.9 > 198.51.100.2 data 0x06000012aabb;match
-p ipcomp -m ipcomp ! --ipcompspi 18;ipcomp 192.0.2.9 > 198.51.100.2 data 0x06000012aabb;no
-p ipcomp -m ipcomp --compres;ipcomp 192.0.2.9 > 198.51.100.2 data 0x06ff0000aabb;match
-p ipcomp -m ipcomp --ipcompspi 0:4294967295;ipcomp 192.0.2.9 > 198.51.100.2 data 0x060000;hotdrop
-p ipcomp -m ipcomp --ipcompspi 70000;ipcomp 192.0.2.9 > 198.51.100.2 data 0x06001170;no
