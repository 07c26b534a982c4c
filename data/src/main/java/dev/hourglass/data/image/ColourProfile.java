package dev.hourglass.data.image;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An ICC profile that differs from sRGB, and the way from its samples to sRGB, by the JDK's
 * LittleCMS. Thread-safe.
 */
final class ColourProfile {

  private static final ICC_Profile SRGB = ICC_Profile.getInstance(ColorSpace.CS_sRGB);

  /** A camera writes one profile into all its pictures; sets of many cameras have some dozens. */
  private static final int MAX_KNOWN = 256;

  private static final Map<ByteBuffer, Optional<ColourProfile>> KNOWN = new ConcurrentHashMap<>();

  /** Steps of each sample where it is tried whether a profile is sRGB under another name. */
  private static final int PROBES = 9;

  private final ICC_Profile profile;

  private ColourProfile(ICC_Profile profile) {
    this.profile = profile;
  }

  /**
   * Reads a profile.
   *
   * @param icc the profile's bytes
   * @return empty if it is damaged, as other programs ignore it too, or if its colours are those of
   *     sRGB to within one level
   */
  static Optional<ColourProfile> of(byte[] icc) {
    Optional<ColourProfile> known = KNOWN.get(ByteBuffer.wrap(icc));
    if (known != null) {
      return known;
    }
    if (KNOWN.size() >= MAX_KNOWN) {
      KNOWN.clear();
    }
    Optional<ColourProfile> profile = parse(icc);
    KNOWN.put(ByteBuffer.wrap(icc.clone()), profile);
    return profile;
  }

  private static Optional<ColourProfile> parse(byte[] icc) {
    try {
      ColourProfile profile = new ColourProfile(ICC_Profile.getInstance(icc));
      return profile.isSrgb() ? Optional.empty() : Optional.of(profile);
    } catch (IllegalArgumentException | CMMException e) {
      return Optional.empty();
    }
  }

  private boolean isSrgb() {
    int components = components();
    if (components != 1 && components != 3) {
      // Tries the transformation all the same: a damaged profile shows itself here.
      toSrgb(raster(new byte[components], components));
      return false;
    }
    int count = components == 1 ? 256 : PROBES * PROBES * PROBES;
    byte[] samples = new byte[count * components];
    for (int i = 0; i < count; i++) {
      if (components == 1) {
        samples[i] = (byte) i;
      } else {
        samples[3 * i] = probe(i / (PROBES * PROBES));
        samples[3 * i + 1] = probe(i / PROBES % PROBES);
        samples[3 * i + 2] = probe(i % PROBES);
      }
    }
    byte[] converted = toSrgb(raster(samples, components));
    for (int i = 0; i < converted.length; i++) {
      int before = samples[components == 1 ? i / 3 : i] & 0xFF;
      if (Math.abs((converted[i] & 0xFF) - before) > 1) {
        return false;
      }
    }
    return true;
  }

  private static byte probe(int step) {
    return (byte) (step * 255 / (PROBES - 1));
  }

  private static WritableRaster raster(byte[] samples, int components) {
    int pixels = samples.length / components;
    int[] offsets = new int[components];
    for (int c = 0; c < components; c++) {
      offsets[c] = c;
    }
    return Raster.createInterleavedRaster(
        new DataBufferByte(samples, samples.length),
        pixels,
        1,
        samples.length,
        components,
        offsets,
        null);
  }

  /** How many samples a colour has: 1 for gray, 3 for RGB, 4 for CMYK. */
  int components() {
    return profile.getNumComponents();
  }

  /**
   * Converts colours.
   *
   * @param colours as many bands as the profile has components, of 8 or 16 bits
   * @return {@code [h, w, 3]}
   */
  byte[] toSrgb(Raster colours) {
    WritableRaster converted =
        Raster.createInterleavedRaster(
            DataBuffer.TYPE_BYTE, colours.getWidth(), colours.getHeight(), 3, null);
    new ColorConvertOp(new ICC_Profile[] {profile, SRGB}, null).filter(colours, converted);
    return ((DataBufferByte) converted.getDataBuffer()).getData();
  }

  /** Converts one colour after another: {@code [n, 3]} to {@code [n, 3]}. */
  byte[] toSrgb(byte[] colours) {
    return toSrgb(raster(colours, 3));
  }
}
