package dev.hourglass.safetensors;

import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the header of a file says.
 *
 * @param metadata in the order of the file
 * @param tensors by name, in the order of their data
 */
record Header(Map<String, String> metadata, Map<String, TensorInfo> tensors) {

  Header {
    metadata = Collections.unmodifiableMap(metadata);
    tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Puts the tensors in the order of their data and checks that they cover it: the format allows
   * neither overlaps nor bytes that belong to no tensor, so that nothing can hide in a file.
   *
   * @param dataBytes the size of the data section
   */
  static Header of(
      Path file, Map<String, String> metadata, List<TensorInfo> described, long dataBytes) {
    List<TensorInfo> sorted = new ArrayList<>(described);
    sorted.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    TensorInfo previous = null;
    long covered = 0;
    for (TensorInfo tensor : sorted) {
      if (tensor.begin() < covered && previous != null) {
        throw new InputException(
            ("%s is not a valid safetensors file: tensor %s (bytes %d to %d of the data) "
                    + "overlaps tensor %s (bytes %d to %d); write it again.")
                .formatted(
                    file,
                    TensorNames.quote(tensor.name()),
                    tensor.begin(),
                    tensor.end(),
                    TensorNames.quote(previous.name()),
                    previous.begin(),
                    previous.end()));
      }
      if (tensor.begin() > covered) {
        throw new InputException(
            ("%s is not a valid safetensors file: the %d bytes of data before tensor %s "
                    + "belong to no tensor; write it again.")
                .formatted(file, tensor.begin() - covered, TensorNames.quote(tensor.name())));
      }
      tensors.put(tensor.name(), tensor);
      previous = tensor;
      covered = tensor.end();
    }
    if (covered > dataBytes) {
      throw new InputException(
          ("%s is truncated: the header promises %d bytes of data but the file holds %d; copy "
                  + "or download it again.")
              .formatted(file, covered, dataBytes));
    }
    if (covered < dataBytes) {
      throw new InputException(
          ("%s has %d bytes after the %d bytes of data that its header describes; copy or "
                  + "download it again.")
              .formatted(file, dataBytes - covered, covered));
    }
    return new Header(metadata, tensors);
  }
}
