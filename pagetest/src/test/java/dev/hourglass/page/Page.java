package dev.hourglass.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a browser of its own, with an empty gallery. */
final class Page implements AutoCloseable {

  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration LONGEST = Duration.ofSeconds(90);
  private static final Pattern REQUESTED =
      Pattern.compile(
          "\"method\":\"Network.requestWillBeSent\".*?\"request\":\\{.*?\"url\":\"([^\"]*)\"");

  /**
   * Selenium warns at every start that its typed DevTools are older than the browser; none are
   * used.
   */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  static {
    SELENIUM.setLevel(Level.SEVERE);
  }

  private final ChromeDriver driver;

  private Page(ChromeDriver driver) {
    this.driver = driver;
  }

  /** The whole test is skipped where there is no browser, unless the build asks for one. */
  static void assumeBrowser() {
    boolean found = Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER);
    String reason = "these tests need " + BROWSER + " and " + DRIVER;
    if (Boolean.getBoolean("hourglass.browser.required")) {
      assertThat(found).as(reason).isTrue();
    }
    assumeTrue(found, reason);
  }

  /** Opened, with its models read. */
  static Page open(String url) {
    Page page = opening(url);
    page.await("document.getElementById('draw').disabled === false");
    return page;
  }

  /** Opened only: the server may refuse to name its models. */
  static Page opening(String url) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BROWSER.toFile());
    options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
    options.addArguments("--disable-dev-shm-usage", "--window-size=1280,800", "--lang=en-US");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    Page page = new Page(new ChromeDriver(service, options));
    page.screen(1280, 800, false);
    page.driver.get(url + "/");
    return page;
  }

  void screen(int width, int height, boolean phone) {
    cdp(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
  }

  void dark(boolean dark) {
    cdp(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  private Object cdp(String command, Map<String, Object> parameters) {
    return driver.executeCdpCommand(command, parameters);
  }

  WebElement find(String id) {
    return driver.findElement(By.id(id));
  }

  String text(String id) {
    return find(id).getText();
  }

  boolean shown(String id) {
    return find(id).isDisplayed();
  }

  void click(String id) {
    find(id).click();
  }

  void fill(String id, Object value) {
    find(id).sendKeys(Keys.chord(Keys.CONTROL, "a"), value.toString());
  }

  /** Radio buttons lie under what labels them. */
  void choose(String name, String value) {
    run("document.querySelector(`input[name='" + name + "'][value='" + value + "']`).click()");
  }

  Object run(String script) {
    return driver.executeScript(script);
  }

  Object value(String expression) {
    return driver.executeScript("return " + expression);
  }

  boolean holds(String expression) {
    return Boolean.TRUE.equals(value(expression));
  }

  void await(String expression) {
    new WebDriverWait(driver, LONGEST, Duration.ofMillis(50))
        .withMessage(expression)
        .until(ignored -> holds(expression));
  }

  void awaitEndOfDrawing() {
    await("!document.body.classList.contains('drawing')");
  }

  void draw() {
    click("draw");
    awaitEndOfDrawing();
  }

  /** The newest image of the gallery, in the detail view. */
  void openNewest() {
    run("document.querySelector('#thumbs button').click()");
    await("document.getElementById('detail').open");
    awaitPicture("#detail-image");
  }

  long kept() {
    return (Long) value("document.querySelectorAll('#thumbs li').length");
  }

  /** Its red, green, blue and alpha values, row by row. */
  byte[] pixels(String selector) {
    awaitPicture(selector);
    String encoded =
        (String)
            run(
                """
                const element = document.querySelector(`%s`);
                const canvas = document.createElement("canvas");
                canvas.width = element.naturalWidth ?? element.width;
                canvas.height = element.naturalHeight ?? element.height;
                const context = canvas.getContext("2d");
                context.drawImage(element, 0, 0);
                const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
                let text = "";
                data.forEach((value) => (text += String.fromCharCode(value)));
                return btoa(text);
                """
                    .formatted(selector));
    return Base64.getDecoder().decode(encoded);
  }

  private void awaitPicture(String selector) {
    await(
        "(e => e && (e.tagName === 'CANVAS' || (e.complete && e.naturalWidth > 0)))"
            + "(document.querySelector(`"
            + selector
            + "`))");
  }

  /** From one place to another of the mask, in its pixels from the middle. */
  void brush(int fromX, int fromY, int toX, int toY) {
    WebElement mask = find("mask");
    double scale =
        mask.getRect().getWidth()
            / ((Number) value("document.getElementById('mask').width")).doubleValue();
    new Actions(driver)
        .moveToElement(mask, (int) (fromX * scale), (int) (fromY * scale))
        .clickAndHold()
        .moveByOffset((int) ((toX - fromX) * scale), (int) ((toY - fromY) * scale))
        .release()
        .perform();
  }

  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  void pressWith(Keys held, CharSequence key) {
    new Actions(driver).keyDown(held).sendKeys(key).keyUp(held).perform();
  }

  /** Presses Tab, with Shift or without, until the focus is on what the selector says. */
  void tabTo(String selector, boolean back) {
    for (int i = 0; i < 80; i++) {
      if (holds("document.activeElement?.matches(`" + selector + "`) ?? false")) {
        return;
      }
      if (back) {
        pressWith(Keys.SHIFT, Keys.TAB);
      } else {
        press(Keys.TAB);
      }
    }
    throw new AssertionError("the Tab key never reaches " + selector);
  }

  void reload() {
    driver.navigate().refresh();
    await("document.getElementById('draw').disabled === false");
  }

  /** Warnings and errors, those of the security policy and of failed requests too. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Every address that was asked for since the page was opened. */
  List<String> requested() {
    return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
        .flatMap(entry -> REQUESTED.matcher(entry.getMessage()).results())
        .map(match -> match.group(1))
        .toList();
  }

  /** At the top, and as it looks when nothing moves any more. */
  void settle() {
    run("document.activeElement.blur(); scrollTo(0, 0)");
    await("scrollY === 0 && document.getAnimations().length === 0");
  }

  void save(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
