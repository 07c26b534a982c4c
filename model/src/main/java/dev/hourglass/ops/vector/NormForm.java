package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.kernels.norm.ImageRows;
import dev.hourglass.kernels.norm.LayerModulation;
import dev.hourglass.kernels.norm.NormScale;
import dev.hourglass.kernels.norm.ShiftedNorm;
import dev.hourglass.kernels.norm.TokenNorm;
import org.bytedeco.pytorch.Tensor;

/** The norms that our kernels know, as they read them from tensors. */
enum NormForm {
  /** {@code rms(x) * scale}, with one scale {@code [c]} or that for each image. */
  RMS {
    @Override
    TokenNorm of(Tensor scale, Tensor shift) {
      return rms(scale);
    }
  },

  /** {@code rms(x) * scale + shift}, with a shift for each image. */
  SHIFTED_RMS {
    @Override
    TokenNorm of(Tensor scale, Tensor shift) {
      return new ShiftedNorm(rms(scale), imageRows(shift));
    }
  },

  /** {@code ln(x) * (1 + scale) + shift}, both for each image. */
  LAYER {
    @Override
    TokenNorm of(Tensor scale, Tensor shift) {
      return new LayerModulation(imageRows(scale), imageRows(shift));
    }
  };

  /** The norm by these tensors. */
  abstract TokenNorm of(Tensor scale, Tensor shift);

  private static NormScale rms(Tensor scale) {
    return new NormScale(address(scale), TensorMemory.rows(scale) > 1);
  }

  /** Rows of {@code [n, 1, 1, c]}, which may be parts of longer ones. */
  static ImageRows imageRows(Tensor tensor) {
    return new ImageRows(address(tensor), Float.BYTES * tensor.stride(0));
  }
}
