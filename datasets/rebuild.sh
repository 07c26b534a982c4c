#!/bin/sh
# Rebuilds the data sets of this folder from the packages they come from, then checks their sums.
# Needs: apt-get and dpkg-deb (Debian), npm, tar, sha256sum and a JDK 25. Run it from anywhere.
# MVN names another Maven than the wrapper in the root of the repository.
set -eu

fashion_package=dataset-fashion-mnist=0.0~git20200523.55506a9-1
emoji_package=@lobehub/fluent-emoji-3d@1.1.0
# The product decodes with libwebp; this set was made with another decoder (see emoji-64/README.md).
webp_decoder=com.twelvemonkeys.imageio:imageio-webp:3.14.0

datasets=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$datasets")
. "$root/.mvn/jdk.sh"
find_jdk 25
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/out"

# Maven resolves the class path of a module only together with the modules it depends on, and those
# only when they have been compiled.
(cd "$root" && "${MVN:-./mvnw}" -q -pl data -am -Dspotless.check.skip compile \
  dependency:build-classpath -Dmdep.outputFile="$work/classpath")

(cd "$root" && "${MVN:-./mvnw}" -q -N dependency:copy -Dartifact="$webp_decoder" \
  -DoutputDirectory="$work/webp")

cd "$work"
echo "Fashion-MNIST from $fashion_package"
apt-get -q download "$fashion_package"
dpkg-deb -x dataset-fashion-mnist_*.deb fashion
for file in t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz; do
  cp "fashion/usr/share/datasets/fashion-mnist/$file" out/
done

echo "Emoji from $emoji_package"
npm pack --silent "$emoji_package"
tar -xzf lobehub-fluent-emoji-3d-*.tgz
"$JAVA_HOME/bin/java" -cp "$(cat classpath):$(echo webp/*.jar)" "$datasets/BuildEmoji.java" \
  package/assets "$datasets/emoji-64/labels.tsv" out

cp out/t10k-* "$datasets/fashion-mnist/"
cp out/emoji-64.tar.gz out/names.tsv "$datasets/emoji-64/"
cd "$datasets"
sha256sum -c SHA256SUMS
