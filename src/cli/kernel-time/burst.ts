/**
 * Perl that sends frames to an interface for a time, and says how many and how long: `burst.pl INDEX SECONDS FILE`, a line of hex for each
 * frame. Perl, because Node has no raw sockets.
 */
export const BURST: string = `use strict;
use warnings;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
my ($index, $seconds, $file) = @ARGV;
open(my $in, '<', $file) or die "no frames: $!";
my @frames = map { chomp; pack('H*', $_) } <$in>;
close($in);
socket(my $socket, 17, 3, 0) or die "no packet socket: $!";
my $to = pack('SnlSCCa8', 17, 0, $index, 0, 0, 0, '');
send($socket, $_, 0, $to) for @frames;
my ($count, $failed) = (0, 0);
my $start = clock_gettime(CLOCK_MONOTONIC);
my $now = $start;
while ($now - $start < $seconds) {
  for my $frame (@frames) { defined(send($socket, $frame, 0, $to)) or $failed++; }
  $count += @frames;
  $now = clock_gettime(CLOCK_MONOTONIC);
}
printf("%d %.0f %d\\n", $count, ($now - $start) * 1e9, $failed);
`;
