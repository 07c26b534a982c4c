package dev.hourglass.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** What a visitor of the page can do, against the real server and the model in the box. */
class PageTest {

  private static final int STEPS = 8;
  private static final int PIXELS = 64 * 64;

  private static Server server;
  private Page page;

  @BeforeAll
  static void start() {
    Page.assumeBrowser();
    server = Server.at("hourglass.server");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() {
    page = Page.open(server.url());
    page.fill("steps", STEPS);
    page.fill("seed", 7);
  }

  @AfterEach
  void close() {
    if (page != null) {
      page.close();
    }
  }

  @Test
  void drawsAnImageWhileItsProgressIsShown() {
    page.fill("steps", 30); // The server tells of 20 steps a second at most.
    page.run(
        """
        window.seen = { texts: [], guesses: 0, shares: [] };
        new MutationObserver(() => {
          seen.texts.push(document.getElementById("progress-text").textContent);
          seen.shares.push(Number(document.getElementById("bar").getAttribute("aria-valuenow")));
        }).observe(document.getElementById("progress"), { childList: true, subtree: true, attributes: true });
        new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(
          (node) => (seen.guesses += node.tagName === "IMG" && node.alt === "" ? 1 : 0))))
          .observe(document.getElementById("tiles"), { childList: true, subtree: true });
        """);

    page.draw();

    assertThat(page.text("caption")).contains("One image", "seed 7");
    assertThat(page.kept()).isEqualTo(1);
    assertThat(page.holds("seen.texts.some((text) => /^Step \\d+ of 30/.test(text))")).isTrue();
    assertThat((Long) page.value("seen.guesses")).isPositive();
    assertThat(page.holds("seen.shares.some((share) => share > 0 && share < 100)")).isTrue();
    assertThat(page.pixels(".tile.done .picture:last-of-type")).hasSize(4 * PIXELS);
  }

  @Test
  void drawsEachImageOfSeveralInItsPlace() {
    page.fill("count", 3);
    page.draw();

    assertThat(page.kept()).isEqualTo(3);
    assertThat(page.value("document.querySelectorAll('.tile.done').length")).isEqualTo(3L);
  }

  @Test
  void repeatsFromTheGalleryToTheSameImage() {
    page.draw();
    page.openNewest();
    byte[] first = page.pixels("#detail-image");

    page.click("detail-repeat");
    page.awaitEndOfDrawing();

    assertThat(page.text("caption")).startsWith("The same image");
    assertThat(page.kept()).isEqualTo(2);
    page.openNewest();
    assertThat(page.pixels("#detail-image")).isEqualTo(first);
  }

  @Test
  void drawsAnotherImageFromANewSeed() {
    page.draw();
    page.openNewest();
    byte[] first = page.pixels("#detail-image");

    page.click("detail-vary");
    page.awaitEndOfDrawing();

    page.openNewest();
    assertThat(page.pixels("#detail-image")).isNotEqualTo(first);
  }

  @Test
  void inpaintsWhereTheBrushWas() {
    page.draw();
    page.openNewest();
    page.click("detail-edit");
    page.await("document.getElementById('mask').checkVisibility()");
    page.brush(-10, -10, 12, 8);
    byte[] before = page.pixels("#source");
    byte[] mask = page.pixels("#mask");
    page.fill("seed", 8);

    page.draw();

    page.openNewest();
    byte[] after = page.pixels("#detail-image");
    List<Integer> painted =
        IntStream.range(0, PIXELS).filter(i -> mask[4 * i + 3] != 0).boxed().toList();
    List<Integer> changed =
        IntStream.range(0, 4 * PIXELS)
            .filter(i -> before[i] != after[i])
            .map(i -> i / 4)
            .distinct()
            .boxed()
            .toList();
    assertThat(painted).hasSizeBetween(PIXELS / 40, PIXELS / 2);
    assertThat(changed).isNotEmpty().isSubsetOf(painted);
  }

  @Test
  void variesEnlargesAndColorizesAnImage() {
    page.draw();
    for (String mode : List.of("variation", "upscale", "colorize")) {
      long kept = page.kept();
      page.openNewest();
      page.click("detail-edit");
      page.await("document.getElementById('mask').checkVisibility()");
      page.choose("mode", mode);
      page.draw();
      assertThat(page.text("problem")).isEmpty();
      assertThat(page.kept()).as(mode).isEqualTo(kept + 1);
    }
  }

  @Test
  void fitsADroppedImageToTheModel() {
    page.run(
        """
        const canvas = new OffscreenCanvas(300, 200);
        const context = canvas.getContext("2d");
        context.fillStyle = "teal";
        context.fillRect(0, 0, 300, 200);
        canvas.convertToBlob().then((blob) => {
          const dropped = new DataTransfer();
          dropped.items.add(new File([blob], "sea.png", { type: "image/png" }));
          document.body.dispatchEvent(
            new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: dropped }));
        });
        """);
    page.await("document.getElementById('source').checkVisibility()");
    assertThat(page.pixels("#source")).hasSize(4 * PIXELS);
    assertThat(page.shown("fit")).isTrue();
    page.click("draw");
    assertThat(page.text("problem")).isEqualTo("Choose the class of the image first.");

    page.choose("class", "2");
    page.draw();

    assertThat(page.text("problem")).isEmpty();
    assertThat(page.kept()).isEqualTo(1);
  }

  @Test
  void keepsTheGalleryOverAReload() {
    page.draw();
    page.openNewest();
    byte[] first = page.pixels("#detail-image");

    page.reload();
    page.await("document.querySelectorAll('#thumbs li').length === 1");

    page.openNewest();
    assertThat(page.pixels("#detail-image")).isEqualTo(first);
    assertThat(page.text("detail-facts")).contains("dpmpp-3m-sde", "karras", "64 × 64");
    page.click("detail-delete");
    page.await("!document.getElementById('detail').open");
    page.reload();
    page.await("document.getElementById('shelf-empty').checkVisibility()");
  }

  @Test
  void stopsWhenItIsCancelled() {
    page.fill("count", 8);
    page.fill("steps", 500);
    page.click("draw");
    page.await("document.getElementById('progress-text').textContent.startsWith('Step')");

    page.click("cancel");

    page.awaitEndOfDrawing();
    assertThat(page.text("caption")).isEqualTo("Cancelled.");
    assertThat(page.kept()).isZero();
    page.fill("count", 1);
    page.fill("steps", STEPS);
    page.draw();
    assertThat(page.kept()).isEqualTo(1);
  }

  @Test
  void worksByKeyboardAlone() {
    page.reload(); // So that the focus is nowhere.
    page.tabTo("input[name=\"class\"]", false);
    page.press(Keys.ARROW_RIGHT);
    assertThat(page.value("document.querySelector('input[name=\"class\"]:checked').value"))
        .isEqualTo("0");
    page.tabTo("#seed", false);
    page.pressWith(Keys.CONTROL, "a");
    page.press("21");
    page.tabTo("#steps", false);
    page.pressWith(Keys.CONTROL, "a");
    page.press(String.valueOf(STEPS));
    page.pressWith(Keys.CONTROL, Keys.ENTER);
    page.awaitEndOfDrawing();
    assertThat(page.kept()).isEqualTo(1);

    page.tabTo("#thumbs button", false);
    page.press(Keys.ENTER);
    page.await("document.getElementById('detail').open");
    assertThat(page.holds("document.getElementById('detail').contains(document.activeElement)"))
        .isTrue();
    page.press(Keys.ESCAPE);
    page.await("!document.getElementById('detail').open");
    page.await("document.activeElement.matches('#thumbs button')");

    page.press(Keys.ENTER);
    page.tabTo("#detail-edit", false);
    page.press(Keys.ENTER);
    page.await("document.getElementById('mask').checkVisibility()");
    page.tabTo("#mask", true);
    page.press(Keys.ARROW_LEFT, Keys.SPACE);
    assertThat((String) page.value("document.getElementById('mask-state').textContent"))
        .doesNotContain("; 0 %");
    page.pressWith(Keys.CONTROL, Keys.ENTER);
    page.awaitEndOfDrawing();
    assertThat(page.kept()).isEqualTo(2);
  }

  @Test
  void asksForAKeyWhenTheServerWantsOne(@TempDir Path folder) throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "the-key-of-this-test\n");
    try (Server closed = Server.at("hourglass.server.with.key", "--api-key-file", keys.toString());
        Page asked = Page.opening(closed.url())) {
      asked.await("document.getElementById('key-dialog').open");
      asked.fill("key", "another-key");
      asked.press(Keys.ENTER);
      asked.await(
          "document.getElementById('key-dialog').open"
              + " && document.getElementById('key-problem').textContent !== ''");
      asked.fill("key", "the-key-of-this-test");
      asked.press(Keys.ENTER);
      asked.await("document.getElementById('draw').disabled === false");
      asked.fill("steps", STEPS);

      asked.draw();

      assertThat(asked.kept()).isEqualTo(1);
      assertThat(
              asked.holds(
                  "Object.values(localStorage).every((value) => !value.includes('of-this-test'))"))
          .isTrue();
    }
  }

  @Test
  void showsWhatTheServerRefuses() {
    page.fill("steps", 100_000);
    page.draw();

    assertThat(page.text("problem")).containsIgnoringCase("steps").endsWith(".");
    assertThat(page.find("problem").getDomAttribute("role")).isEqualTo("alert");
    assertThat(page.kept()).isZero();

    page.fill("steps", STEPS);
    page.draw();
    assertThat(page.text("problem")).isEmpty();
    assertThat(page.kept()).isEqualTo(1);
  }

  @Test
  void asksNoOtherHost() {
    page.draw();
    page.openNewest();

    assertThat(page.requested())
        .contains(server.url() + "/page/page.js", server.url() + "/v1/samples")
        .allMatch(
            address ->
                address.startsWith(server.url() + "/")
                    || address.startsWith("data:image/png")
                    || address.startsWith("blob:" + server.url() + "/"));
  }

  @Test
  void hasNoErrorsInTheConsole() {
    page.draw();
    page.openNewest();
    page.click("detail-edit");
    page.await("document.getElementById('mask').checkVisibility()");
    page.brush(-8, -8, 8, 8);
    page.draw();
    page.click("pixels");
    page.click("theme");
    page.click("help-open");

    assertThat(page.complaints()).isEmpty();
  }

  @Test
  void fitsAPhone() {
    page.screen(390, 844, true);
    assertFits();
    page.draw();
    assertFits();
    page.openNewest();
    assertFits();
    page.click("detail-edit");
    page.await("document.getElementById('mask').checkVisibility()");
    page.run("document.getElementById('advanced').open = true");
    assertFits();
    assertThat(page.find("draw").getSize().getHeight()).isGreaterThanOrEqualTo(44);
  }

  private void assertFits() {
    assertThat((Long) page.value("document.documentElement.scrollWidth")).isLessThanOrEqualTo(390);
    assertThat(page.holds("document.querySelector('dialog[open]')?.scrollWidth > 390")).isFalse();
  }

  @Test
  @EnabledIfSystemProperty(named = "hourglass.screenshots", matches = ".+")
  void savesScreenshots() throws IOException {
    Path folder = Path.of(System.getProperty("hourglass.screenshots"));
    page.fill("steps", 50);
    page.fill("count", 9);
    page.draw();
    page.settle();
    page.save(folder.resolve("page-light.png"));
    page.dark(true);
    page.settle();
    page.save(folder.resolve("page-dark.png"));
    page.fill("count", 1);
    page.choose("class", "0");
    page.click("draw");
    page.await("document.getElementById('bar').getAttribute('aria-valuenow') >= 60");
    page.save(folder.resolve("page-drawing.png"));
    page.awaitEndOfDrawing();
    page.dark(false);
    page.openNewest();
    page.await("document.getAnimations().length === 0");
    page.save(folder.resolve("page-detail.png"));
    page.click("detail-edit");
    page.await("document.getElementById('mask').checkVisibility()");
    page.brush(-14, 10, 14, 10);
    page.fill("seed", 12);
    page.draw();
    page.settle();
    page.save(folder.resolve("page-editing.png"));
    page.click("edit-close");
    page.screen(390, 844, true);
    page.fill("seed", 7);
    page.draw();
    page.settle();
    page.save(folder.resolve("page-phone.png"));
  }
}
