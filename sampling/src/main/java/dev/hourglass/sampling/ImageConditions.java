package dev.hourglass.sampling;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.model.Conditioning;
import dev.hourglass.tensor.Tensors;
import java.util.List;

/** What a model is told of images that are measured. */
public final class ImageConditions {

  private ImageConditions() {}

  /** The classes and vectors of some images, as far as the model takes them. */
  public static Conditioning of(ModelConfig model, List<LabelledImage> images) {
    int n = images.size();
    Conditioning conditioning = Conditioning.NONE;
    if (model.numClasses() > 0) {
      long[] classes =
          images.stream().mapToLong(i -> i.classNumber().orElse(model.numClasses())).toArray();
      conditioning = conditioning.withClasses(Tensors.ofLongs(classes, n));
    }
    int dimension = model.mappingCondDim();
    if (dimension > 0) {
      float[] vectors = new float[n * dimension]; // [n, mapping_cond_dim]
      for (int i = 0; i < vectors.length; i++) {
        vectors[i] = images.get(i / dimension).vector().get(i % dimension);
      }
      conditioning = conditioning.withVector(Tensors.ofFloats(vectors, n, dimension));
    }
    return conditioning;
  }
}
