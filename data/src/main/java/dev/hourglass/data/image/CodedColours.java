package dev.hourglass.data.image;

import dev.hourglass.data.image.blocks.UnreadableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * Colours named by code points (ITU-T H.273), as PNG's {@code cICP} names them, as an ICC profile:
 * three primaries brought from their white to D50 by Bradford's method, and one curve.
 */
final class CodedColours {

  private static final double[] D65 = {0.3127, 0.3290};
  private static final double[] DCI_WHITE = {0.314, 0.351};
  private static final double[] D50_XYZ = {0.9642, 1, 0.8249};

  private static final double[][] BRADFORD = {
    {0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}
  };

  /** x and y of red, green, blue and white. */
  private static final Map<Integer, double[][]> PRIMARIES =
      Map.of(
          1, new double[][] {{0.640, 0.330}, {0.300, 0.600}, {0.150, 0.060}, D65},
          5, new double[][] {{0.640, 0.330}, {0.290, 0.600}, {0.150, 0.060}, D65},
          6, new double[][] {{0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}, D65},
          9, new double[][] {{0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}, D65},
          11, new double[][] {{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, DCI_WHITE},
          12, new double[][] {{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, D65});

  /** From the stored sample to linear light, both 0 to 1. */
  private static final Map<Integer, DoubleUnaryOperator> CURVES =
      Map.of(
          1, CodedColours::bt709,
          4, v -> Math.pow(v, 2.2),
          5, v -> Math.pow(v, 2.8),
          6, CodedColours::bt709,
          8, v -> v,
          13, CodedColours::srgb,
          14, CodedColours::bt709,
          15, CodedColours::bt709);

  private static final int PQ = 16;
  private static final int HLG = 18;
  private static final int CURVE_POINTS = 4096;

  private final double[][] primaries;
  private final DoubleUnaryOperator curve;

  private CodedColours(double[][] primaries, DoubleUnaryOperator curve) {
    this.primaries = primaries;
    this.curve = curve;
  }

  /**
   * Reads the content of a {@code cICP} chunk: primaries, transfer function, matrix, full range.
   *
   * @return empty if it names nothing that is known here
   * @throws UnreadableException if the samples are of high dynamic range or do not reach from 0 to
   *     their maximum
   */
  static Optional<CodedColours> of(byte[] cicp) throws UnreadableException {
    if (cicp.length != 4) {
      return Optional.empty();
    }
    int transfer = cicp[1];
    if (transfer == PQ || transfer == HLG) {
      throw new UnreadableException(
          "its brightness is of high dynamic range (cICP %d) and has no place in 8 bits; save it as sRGB"
              .formatted(transfer));
    }
    if (cicp[3] == 0) {
      throw new UnreadableException(
          "its samples are in the narrow range of video (cICP); save it as sRGB");
    }
    double[][] primaries = PRIMARIES.get(cicp[0] == 7 ? 6 : (int) cicp[0]);
    DoubleUnaryOperator curve = CURVES.get(transfer);
    return primaries == null || curve == null
        ? Optional.empty()
        : Optional.of(new CodedColours(primaries, curve));
  }

  private static double srgb(double v) {
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }

  private static double bt709(double v) {
    return v < 0.081 ? v / 4.5 : Math.pow((v + 0.099) / 1.099, 1 / 0.45);
  }

  /**
   * A profile of version 2 with the fewest tags.
   *
   * @param components 1 for gray, which has the curve alone, or 3
   */
  byte[] profile(int components) {
    int tags = components == 1 ? 2 : 7;
    int xyz = 128 + 4 + 12 * tags;
    int curveAt = xyz + 20 * (components == 1 ? 1 : 4);
    int curveLength = 12 + 2 * CURVE_POINTS;
    ByteBuffer icc = ByteBuffer.allocate(curveAt + curveLength);
    icc.putInt(0, icc.capacity()).putInt(8, 0x02400000);
    put(icc, 12, "mntr" + (components == 1 ? "GRAY" : "RGB ") + "XYZ ");
    put(icc, 36, "acsp");
    putXyz(icc.position(68), D50_XYZ);
    icc.putInt(128, tags).position(132);
    putTag(icc, "wtpt", xyz, 20);
    if (components == 1) {
      putTag(icc, "kTRC", curveAt, curveLength);
    } else {
      String[] names = {"r", "g", "b"};
      for (int i = 0; i < 3; i++) {
        putTag(icc, names[i] + "XYZ", xyz + 20 * (i + 1), 20);
        putTag(icc, names[i] + "TRC", curveAt, curveLength);
      }
    }
    icc.position(xyz);
    putTypedXyz(icc, D50_XYZ);
    if (components == 3) {
      for (double[] colorant : colorants()) {
        putTypedXyz(icc, colorant);
      }
    }
    put(icc, icc.position(), "curv");
    icc.position(icc.position() + 8).putInt(CURVE_POINTS);
    for (int i = 0; i < CURVE_POINTS; i++) {
      icc.putShort((short) Math.round(65535 * curve.applyAsDouble(i / (CURVE_POINTS - 1.0))));
    }
    return icc.array();
  }

  private static void put(ByteBuffer icc, int at, String ascii) {
    icc.put(at, ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private static void putTag(ByteBuffer icc, String name, int offset, int length) {
    put(icc, icc.position(), name);
    icc.position(icc.position() + 4).putInt(offset).putInt(length);
  }

  private static void putTypedXyz(ByteBuffer icc, double[] xyz) {
    put(icc, icc.position(), "XYZ ");
    putXyz(icc.position(icc.position() + 8), xyz);
  }

  private static void putXyz(ByteBuffer icc, double[] xyz) {
    for (double value : xyz) {
      icc.putInt((int) Math.round(value * 65536));
    }
  }

  /** X, Y, Z under D50 of full red, green and blue. */
  private double[][] colorants() {
    double[] white = xyz(primaries[3]);
    double[][] columns = transposed(xyz(primaries[0]), xyz(primaries[1]), xyz(primaries[2]));
    double[] strengths = times(inverse(columns), white);
    double[] coneWhite = times(BRADFORD, white);
    double[] coneD50 = times(BRADFORD, D50_XYZ);
    double[][] colorants = new double[3][];
    for (int i = 0; i < 3; i++) {
      double[] cones = times(BRADFORD, xyz(primaries[i]));
      for (int c = 0; c < 3; c++) {
        cones[c] *= strengths[i] * coneD50[c] / coneWhite[c];
      }
      colorants[i] = times(inverse(BRADFORD), cones);
    }
    return colorants;
  }

  private static double[] xyz(double[] xy) {
    return new double[] {xy[0] / xy[1], 1, (1 - xy[0] - xy[1]) / xy[1]};
  }

  private static double[][] transposed(double[] a, double[] b, double[] c) {
    return new double[][] {{a[0], b[0], c[0]}, {a[1], b[1], c[1]}, {a[2], b[2], c[2]}};
  }

  private static double[] times(double[][] m, double[] v) {
    double[] product = new double[3];
    for (int i = 0; i < 3; i++) {
      product[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
    }
    return product;
  }

  private static double[][] inverse(double[][] m) {
    double[][] inverse = new double[3][3];
    double determinant = 0;
    for (int i = 0; i < 3; i++) {
      determinant += m[0][i] * cofactor(m, 0, i);
    }
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        inverse[j][i] = cofactor(m, i, j) / determinant;
      }
    }
    return inverse;
  }

  private static double cofactor(double[][] m, int row, int column) {
    int r1 = (row + 1) % 3;
    int r2 = (row + 2) % 3;
    int c1 = (column + 1) % 3;
    int c2 = (column + 2) % 3;
    return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
  }
}
