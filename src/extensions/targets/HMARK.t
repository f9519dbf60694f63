# HMARK: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:OUTPUT
-j HMARK;;FAIL
-j HMARK --hmark-mod 42;;FAIL
-j HMARK --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src,dst,sport,dport --hmark-mod 0x10 --hmark-rnd 0xffffffff --hmark-offset 0x20;-j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-rnd 0xffffffff --hmark-mod 16 --hmark-offset 32;OK
-j HMARK --hmark-tuple foo --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src,,dst --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src, --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src --hmark-src-prefix 24 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src,dst --hmark-src-prefix 24 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src,sport --hmark-sport-mask 0xff --hmark-mod 42;;FAIL
-j HMARK --hmark-proto-mask 0x1ffff --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src --hmark-mod 0;;FAIL
-j HMARK --hmark-tuple src --hmark-offset 5;;FAIL
-j HMARK --hmark-rnd 4 --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple src,dst,sport,dport,proto,spi --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src,dst,sport,dport --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple src,dst,sport,dport --hmark-rnd 4 --hmark-mod 0x10 --hmark-rnd 0xffffffff --hmark-offset 0x20;;FAIL
-j HMARK --hmark-tuple ct --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-rnd 0x00000004 --hmark-mod 42 --hmark-tuple ct;OK
-j HMARK --hmark-tuple ct,src --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42 --hmark-tuple ct;OK
-j HMARK --hmark-tuple foo --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src,,dst --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src, --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple spi --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-spi-mask 0xffffffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple spi,sport --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-spi 5 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-spi 0x00000005 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-sport 5 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-sport 0x0005 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-sport 5 --hmark-dport 6 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-sport 0x0005 --hmark-dport 0x0006 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-spi-mask 5 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-spi-mask 0x00000005 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-spi 5 --hmark-spi-mask 0xff --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-spi-mask 0x000000ff --hmark-spi 0x00000005 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-src-prefix 24 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 24 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-src-prefix 255.255.0.0 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 16 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-src-prefix 33 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-src-prefix 255.0.255.0 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-src-prefix 24 --hmark-dst-prefix 0 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 24 --hmark-dst-prefix 0 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple src --hmark-src-prefix 24 --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src,dst --hmark-src-prefix 24 --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src,sport --hmark-sport-mask 0xff --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-sport-mask 0xff --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-sport-mask 0x00ff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-sport-mask 0xff --hmark-dport-mask 1 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-sport-mask 0x00ff --hmark-dport-mask 0x0001 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-sport-mask 0xff --hmark-sport 1 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-sport-mask 0x00ff --hmark-sport 0x0001 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-proto-mask 0xff --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-proto-mask 0xff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-proto-mask 0x1ffff --hmark-rnd 4 --hmark-mod 42;;FAIL
-p tcp -j HMARK --hmark-proto-mask 0xff --hmark-rnd 4 --hmark-mod 42;-p tcp -j HMARK --hmark-proto-mask 0xff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-p tcp -j HMARK --hmark-sport-mask 0xff --hmark-rnd 4 --hmark-mod 42;-p tcp -j HMARK --hmark-sport-mask 0x00ff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-p esp -j HMARK --hmark-tuple spi --hmark-rnd 4 --hmark-mod 42;-p esp -j HMARK --hmark-spi-mask 0xffffffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-p esp -j HMARK --hmark-tuple sport --hmark-rnd 4 --hmark-mod 42;-p esp -j HMARK --hmark-sport-mask 0xffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-p tcp -j HMARK --hmark-tuple spi --hmark-rnd 4 --hmark-mod 42;-p tcp -j HMARK --hmark-spi-mask 0xffffffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple src --hmark-rnd 4 --hmark-mod 0;;FAIL
-j HMARK --hmark-offset 5 --hmark-rnd 4 --hmark-mod 4;;FAIL
-j HMARK --hmark-src-prefix foo --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-src-prefix "" --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-src-prefix 1.2.3.4 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-src-prefix -1 --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-src-prefix 24x --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-spi-mask 0xff --hmark-sport 1 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-spi-mask 0x000000ff --hmark-sport 0x0001 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-sport 1 --hmark-spi-mask 0xff --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-spi-mask 0x000000ff --hmark-sport 0x0001 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-sport 1 --hmark-spi 0xff --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-spi 0xff --hmark-dport-mask 7 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-dport-mask 0x0007 --hmark-spi 0x000000ff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple spi --hmark-dport-mask 7 --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple spi,spi,spi --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-spi-mask 0xffffffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple src,src --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple SRC --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple sr --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple src,ds --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple srcdst --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src/dst --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple proto,foo --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple ctx --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple sportx --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple "" --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple src --hmark-tuple dst --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-src-prefix 24 --hmark-tuple src --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-sport-mask 3 --hmark-tuple sport --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-sport-mask 0xffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-proto-mask 3 --hmark-tuple proto --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-proto-mask 0xffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-spi-mask 3 --hmark-tuple spi --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-spi-mask 0xffffffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple spi --hmark-spi-mask 3 --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-tuple proto --hmark-proto-mask 3 --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-rnd 4 --hmark-mod 42 --hmark-offset 5;;FAIL
-j HMARK --hmark-rnd 4 --hmark-mod 42 --hmark-tuple ct --hmark-offset 5;-j HMARK --hmark-rnd 0x00000004 --hmark-mod 42 --hmark-offset 5 --hmark-tuple ct;OK
-j HMARK --hmark-rnd 4 --hmark-mod 42 --hmark-sport 0 --hmark-offset 0;-j HMARK --hmark-sport 0x0000 --hmark-rnd 0x00000004 --hmark-mod 42 --hmark-offset 0;OK
-j HMARK --hmark-rnd 4 --hmark-mod 42 --hmark-tuple src --hmark-offset 0xffffffff;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42 --hmark-offset 4294967295;OK
-j HMARK --hmark-rnd 4 --hmark-mod 42 --hmark-tuple src,dst,sport,dport,proto,ct --hmark-offset 7;-j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-proto-mask 0xffff --hmark-rnd 0x00000004 --hmark-mod 42 --hmark-offset 7 --hmark-tuple ct;OK
-j HMARK --hmark-rnd 4 --hmark-mod 42 --hmark-sport 0x10000;;FAIL
-j HMARK --hmark-rnd 4 --hmark-mod 42 --hmark-sport http;;FAIL
-j HMARK --hmark-rnd 4 --hmark-mod 42 --hmark-spi 0x100000000;;FAIL
-j HMARK --hmark-rnd 4 --hmark-mod 42 --hmark-proto-mask 0x1234;-j HMARK --hmark-proto-mask 0x1234 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-rnd 4 --hmark-mod 42 --hmark-proto-mask 0;-j HMARK --hmark-proto-mask 0x00 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-rnd 4 --hmark-mod 42 --hmark-tuple srctdst;;FAIL
-j HMARK --hmark-tuple s --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple d --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-dst-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple sp --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-sport-mask 0xffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple spo --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-sport-mask 0xffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple p --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-proto-mask 0xffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-tuple c --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-rnd 0x00000004 --hmark-mod 42 --hmark-tuple ct;OK
-j HMARK --hmark-tuple sport,s --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 32 --hmark-sport-mask 0xffff --hmark-rnd 0x00000004 --hmark-mod 42;OK
*mangle
:OUTPUT
-j HMARK --hmark-tuple src,dst,proto --hmark-proto-mask 0xff --hmark-mod 0x100;;FAIL
-j HMARK --hmark-tuple src --hmark-rnd 4 --hmark-mod 0x100;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 256;OK
-j HMARK --hmark-tuple src,dst,proto --hmark-proto-mask 0xff --hmark-rnd 4 --hmark-mod 0x100;;FAIL
*filter
@family 6
:OUTPUT
-j HMARK --hmark-src-prefix 24 --hmark-dst-prefix 128 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 24 --hmark-dst-prefix 128 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-src-prefix 24 --hmark-dst-prefix ffff:ffff:: --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 24 --hmark-dst-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-src-prefix 24 --hmark-tuple src --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 128 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-src-prefix 129 --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-src-prefix ffff:0:ffff:: --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 128 --hmark-rnd 0x00000004 --hmark-mod 42;OK
-j HMARK --hmark-src-prefix foo --hmark-rnd 4 --hmark-mod 42;;FAIL
-j HMARK --hmark-src-prefix 0 --hmark-rnd 4 --hmark-mod 42;-j HMARK --hmark-src-prefix 0 --hmark-rnd 0x00000004 --hmark-mod 42;OK
*nat
@family 4
:OUTPUT
-j HMARK --hmark-tuple src --hmark-rnd 4 --hmark-mod 0x100;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 256;OK
*raw
:OUTPUT
-j HMARK --hmark-tuple ct,src --hmark-rnd 4 --hmark-mod 0x100;-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 256 --hmark-tuple ct;OK
