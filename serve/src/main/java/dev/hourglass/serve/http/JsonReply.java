package dev.hourglass.serve.http;

import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.serve.draw.Drawing;
import dev.hourglass.serve.draw.Studio;
import dev.hourglass.serve.request.Wanted;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/** An answer that is sent when all images are done, in the order of their indices. */
final class JsonReply extends Reply {

  /** What is made of all images. */
  enum Form {
    /** An object with the images in it. */
    JSON,
    /** The one image, as a PNG file. */
    PNG
  }

  private final DrawnImages images;
  private final Form form;
  private final Wanted wanted;
  private final Function<List<DrawnImages.Drawn>, Map<String, Object>> members;
  private final ConcurrentSkipListMap<Long, DrawnImages.Drawn> drawn =
      new ConcurrentSkipListMap<>(Comparator.naturalOrder());

  private String id = "";

  /**
   * @param members of the JSON answer; null for those of our own API
   */
  JsonReply(
      HttpServerResponse response,
      Context context,
      Runnable onOver,
      DrawnImages images,
      Form form,
      Wanted wanted,
      Function<List<DrawnImages.Drawn>, Map<String, Object>> members) {
    super(response, context, onOver);
    this.images = images;
    this.form = form;
    this.wanted = wanted;
    this.members = members;
  }

  @Override
  void admitted(Studio.Admission admission, Wanted asked) {
    id = admission.id();
  }

  @Override
  public void image(GeneratedImage image) {
    drawn.put(image.index(), images.of(wanted, image));
  }

  @Override
  void finish(Drawing.Summary summary) {
    List<DrawnImages.Drawn> all = List.copyOf(drawn.values());
    if (form == Form.PNG) {
      Answers.send(response(), "image/png", Buffer.buffer(all.getFirst().png()));
    } else if (members != null) {
      Answers.json(response(), members.apply(all));
    } else {
      Answers.json(response(), own(all, summary));
    }
  }

  private Map<String, Object> own(List<DrawnImages.Drawn> all, Drawing.Summary summary) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", id);
    answer.put("created", System.currentTimeMillis() / 1000);
    answer.put("model", wanted.model().id());
    answer.put("seed", wanted.settings().seed());
    answer.put("images", all.stream().map(DrawnImages.Drawn::members).toList());
    answer.putAll(members(summary));
    return answer;
  }
}
