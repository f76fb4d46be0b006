#!/usr/bin/env bash
# Proves the README's two commands on a fresh Debian root: no Python packages, no fonts, no Qt libraries.
#
#   sudo packaging/prove_fresh_debian.sh FOLDER SCREENSHOT.png
#
# FOLDER must not exist; the root is made in it with debootstrap (about 2 GB in the end) and left there.
# What is committed in this checkout is what is tried. Needs debootstrap, git and, for the packages, a
# network. SUITE (bookworm) and MIRROR (the host's own) may be given; proxies, pip's settings and
# certificate authorities are the host's.
set -euo pipefail

if [[ $# -ne 2 || $EUID -ne 0 || -e $1 ]]; then
  sed -n '2,9s/^# \?//p' "$0" >&2
  exit 2
fi
# In a mount namespace of our own: nothing stays mounted, however this ends.
if [[ -z ${PROVING:-} ]]; then
  exec env PROVING=1 unshare --mount --propagation private "$0" "$@"
fi

root=$1
screenshot=$(realpath "$2")
checkout=$(cd "$(dirname "$0")/.." && pwd)
suite=${SUITE:-bookworm}
host_sources=(/etc/apt/sources.list /etc/apt/sources.list.d/debian.sources)
mirror=${MIRROR:-$(sed -nE 's/^(URIs: *|deb +(\[[^]]*\] +)?)([^ ]+).*/\3/p' "${host_sources[@]}" 2>/dev/null | head -n 1 || true)}
[[ -n $mirror ]] || { echo "MIRROR is not given, and the host names none" >&2; exit 2; }

host_authorities=${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}
authorities=/etc/host-authorities.crt # in the root, where ca-certificates does not write over it

step() { printf '\n=== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# as USER COMMAND...: in the root, with nothing of the host's environment but the way to the network.
as() {
  local user=$1 home
  shift
  home=$([[ $user == root ]] && echo /root || echo "/home/$user")
  local kept=()
  if [[ -e $root$authorities ]]; then kept+=("PIP_CERT=$authorities"); fi
  for name in http_proxy https_proxy no_proxy PIP_INDEX_URL PIP_PROXY PIP_TRUSTED_HOST PIP_DEFAULT_TIMEOUT; do
    [[ -n ${!name:-} ]] && kept+=("$name=${!name}")
  done
  chroot --userspec="$user:$user" "$root" env -i HOME="$home" USER="$user" LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${kept[@]}" \
    sh -c 'cd "$1" && shift && exec "$@"' sh "$home/certclerk" "$@"
}

# refused PATTERN COMMAND...: must exit with 2 and say PATTERN.
refused() {
  local pattern=$1 said code=0
  shift
  said=$("$@" 2>&1) || code=$?
  printf '%s\n' "$said"
  [[ $code -eq 2 ]] || fail "exit code $code, not 2: $*"
  grep -q -- "$pattern" <<<"$said" || fail "not said: $pattern"
}

# see_window USER PICTURE: on a screen of its own, until there is something on it, then takes its picture.
see_window() {
  as "$1" xvfb-run -a -s '-screen 0 1366x768x24' sh -c '
    python3 packaging/start.py --help >/dev/null  # what the screen takes is installed before the picture needs it
    python3 packaging/start.py & program=$!
    .venv/bin/python -c "$1" "$2"; code=$?
    kill $program; wait $program
    exit $code' sh "$take_picture" "$2"
}

take_picture='
import sys, time
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
for _ in range(120):
    time.sleep(0.5)
    image = application.primaryScreen().grabWindow(0).toImage()
    width, height = image.width(), image.height()
    if len({image.pixel(x, y) for x in range(0, width, 9) for y in range(0, height, 9)}) > 4:
        break
else:
    sys.exit("no window came up")
time.sleep(2)
application.primaryScreen().grabWindow(0).save(sys.argv[1])
'

step "A fresh $suite"
debootstrap --variant=minbase "$suite" "$root" "$mirror"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/hosts "$root/etc/hosts"
if [[ -n ${MIRROR:-} ]]; then
  echo "deb $mirror $suite main" >"$root/etc/apt/sources.list"
else
  rm -f "$root/etc/apt/sources.list"
  for file in "${host_sources[@]}"; do [[ -e $file ]] && cp "$file" "$root${file}"; done
fi
for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
  grep -qsiE 'proxy|Acquire::Check|CAInfo' "$file" && cp "$file" "$root$file"
done
if [[ -e /etc/pip.conf ]]; then cp /etc/pip.conf "$root/etc/pip.conf"; fi
if [[ -e $host_authorities ]]; then cp "$host_authorities" "$root$authorities"; fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
chroot "$root" apt-get -q update
chroot "$root" apt-get -q install -y python3
chroot "$root" useradd --create-home clerk
git clone -q --no-hardlinks "$checkout" "$root/root/certclerk"
cp -a "$root/root/certclerk" "$root/home/clerk/certclerk"
chroot "$root" chown -R clerk:clerk /home/clerk
[[ -z $(find "$root/usr/share/fonts" -name '*.[to]t[fc]' 2>/dev/null) ]] || fail "this root has fonts already"

step "An ordinary user without the libraries is told what to install"
refused '^apt-get install -y python3-venv libgl1 ' as clerk python3 packaging/check.py
refused ' libxcb-cursor0 ' as clerk env DISPLAY=:99 python3 packaging/start.py
refused 'xvfb-run' as clerk python3 packaging/start.py

step "Root: the whole check"
as root python3 packaging/check.py

step "Root: the window"
refused 'xvfb-run' as root python3 packaging/start.py
chroot "$root" apt-get -q install -y xvfb xauth
see_window root /tmp/root.png
cp "$root/tmp/root.png" "$screenshot"

step "An ordinary user where the libraries are: the whole check and the window"
as clerk python3 packaging/check.py
see_window clerk /tmp/clerk.png

step "An ordinary user in a checkout that is not theirs to write"
mkdir "$root/srv/certclerk"
git clone -q --no-hardlinks "$checkout" "$root/srv/certclerk"
as clerk python3 /srv/certclerk/packaging/start.py --help >/dev/null
[[ -z $(chroot "$root" find /srv/certclerk -user clerk) ]] || fail "something was written into the checkout"

step "A start that was killed while it prepared heals itself"
echo "# another lock" >>"$root/home/clerk/certclerk/packaging/requirements.lock"
as clerk timeout --signal=KILL 8 python3 packaging/start.py --help && fail "it was not interrupted" || true
as clerk python3 packaging/start.py --help >/dev/null

step "What a second start costs over the program itself"
as clerk python3 - <<'PYTHON'
import os, subprocess, time

def best(command, **variables):
    times = []
    for _ in range(10):
        begun = time.perf_counter()
        subprocess.run(command, env={**os.environ, **variables}, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - begun)
    return min(times)

program = best([".venv/bin/python", "-m", "certclerk", "--help"], PYTHONPATH="src")
started = best(["python3", "packaging/start.py", "--help"])
print(f"program {program * 1000:.0f} ms, through start.py {started * 1000:.0f} ms")
assert started - program < 1
PYTHON

printf '\nAll of it stands. The window: %s\n' "$screenshot"
