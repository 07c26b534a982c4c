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
  },
  /** Minus half their squared distance times a learned scale of the head, over the root of d. */
  L2 {
    @Override
    HeadForm of(HeadForm.Shape shape) {
      return new L2Heads(shape);
    }

    @Override
    public int planeWidth(int d) {
      return L2Heads.planeWidth(d);
    }
  };

  /** Channels of a head as attention sees it, of so many as there are. */
  public int planeWidth(int d) {
    return d;
  }

  abstract HeadForm of(HeadForm.Shape shape);
}
