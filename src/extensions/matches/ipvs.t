# ipvs: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m ipvs;;FAIL
-m ipvs --ipvs;;FAIL
-m ipvs --vproto foo;;FAIL
-m ipvs --vdir foo;;FAIL
-m ipvs --vmethod foo;;FAIL
-m ipvs --vport foo;;FAIL
-m ipvs --vport 99999;;FAIL
-m ipvs --vaddr foo;;FAIL
-m ipvs ! --vdir ORIGINAL;;FAIL
-m ipvs --ipvs --ipvs;;FAIL
-m ipvs --ipvs --vaddr 1.2.3.4/24 --vport 5 --vproto tcp;;FAIL
-m ipvs ! --ipvs --vaddr 1.2.3.4/24;;FAIL
-m ipvs --vproto 300;;FAIL
@family 6
-m ipvs --vaddr ::1;;FAIL
