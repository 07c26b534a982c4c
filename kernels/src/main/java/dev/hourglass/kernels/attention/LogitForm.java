package dev.hourglass.kernels.attention;

/** How alike a query and a key are (docs/model.md, 3.2). */
public enum LogitForm {
  /** Their cosine times a learned scale of the head. */
  COSINE {
    @Override
    HeadForm of(HeadForm.Shape shape) {
      return new CosineHeads(shape);
    }
  },
  /** Their product over the root of d. */
  DOT {
    @Override
    HeadForm of(HeadForm.Shape shape) {
      return new DotHeads(shape);
    }
  },
  /** The same, each divided by its root mean square and times a learned scale. */
  QK_NORM {
    @Override
    HeadForm of(HeadForm.Shape shape) {
      return new QkNormHeads(shape);
    }
  };

  abstract HeadForm of(HeadForm.Shape shape);
}
