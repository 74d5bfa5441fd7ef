package io.harveymq.compat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * Harvey's page in the browser, as somebody uses it who waits until what is wanted is there. One
 * thread, the test's.
 */
final class Page {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(20);

  /** An address that has the page's storage, and runs nothing. */
  private static final String OF_NO_PAGE = "/img/logo.svg";

  /** What the page keeps in a tab once guest has logged in. */
  private static final String FIRST_USER =
      """
      {"authorization":"Basic Z3Vlc3Q6Z3Vlc3Q=","user":"guest","tags":["administrator"]}""";

  private final ChromeDriver driver;
  private final URI base;

  /** Forgets what earlier tests left in the browser; nobody is logged in. */
  Page(ChromeDriver driver, URI base) {
    this.driver = driver;
    this.base = base;
    width(1440, 900);
    driver.get(base + OF_NO_PAGE);
    script("sessionStorage.clear(); localStorage.clear()");
    driver.manage().logs().get(LogType.BROWSER);
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Goes to an address within the page, such as {@code #/queues}. */
  Page open(String address) {
    driver.get(base + "/" + address);
    return this;
  }

  /** Leaves the page and loads it at the address, so that nothing of what was shown before is. */
  Page reload(String address) {
    leave();
    return open(address);
  }

  /** Loads the page anew at the address, where the first user has logged in before. */
  Page enter(String address) {
    driver.get(base + OF_NO_PAGE);
    script("sessionStorage.setItem('harvey.login', arguments[0])", FIRST_USER);
    open(address);
    find(By.cssSelector("main#main > *"));
    return this;
  }

  void logIn(String user, String password) {
    type(field("User"), user);
    type(field("Password"), password);
    click(button("Log in"));
  }

  /** The part of the address after the page's own. */
  String address() {
    return Objects.requireNonNull(driver.getCurrentUrl()).substring(base.toString().length() + 1);
  }

  Object script(String text, Object... arguments) {
    return driver.executeScript(text, arguments);
  }

  /** The size of the viewport in CSS pixels; as a phone's below 600. */
  void width(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  // ---- waiting

  /** What the condition gives first that is neither null nor false. */
  <T> T await(String what, Function<WebDriver, T> condition) {
    return new WebDriverWait(driver, PATIENCE, POLL)
        .ignoring(StaleElementReferenceException.class)
        .ignoring(ElementNotInteractableException.class)
        .withMessage(() -> what + "; the page shows: " + shown())
        .until(condition::apply);
  }

  WebElement find(By by) {
    return await(by.toString(), d -> d.findElement(by));
  }

  void awaitGone(By by) {
    await("no " + by, d -> d.findElements(by).isEmpty());
  }

  /** Waits until the element's visible text has the part. */
  void awaitText(By by, String part) {
    await("'" + part + "' in " + by, d -> d.findElement(by).getText().contains(part));
  }

  void awaitText(String part) {
    awaitText(By.tagName("body"), part);
  }

  void awaitHeading(String text) {
    await("heading " + text, d -> d.findElement(By.tagName("h1")).getText().equals(text));
  }

  void awaitAddress(String hash) {
    await("address " + hash, d -> address().equals(hash));
  }

  private String shown() {
    try {
      return address() + " " + driver.findElement(By.tagName("body")).getText();
    } catch (NoSuchElementException | StaleElementReferenceException busy) {
      return "nothing";
    }
  }

  // ---- acting

  void click(By by) {
    await(
        "a click on " + by,
        d -> {
          WebElement found = d.findElement(by);
          try {
            found.click();
          } catch (ElementClickInterceptedException covered) {
            script("arguments[0].scrollIntoView({ block: 'center' })", found);
            throw covered;
          }
          return true;
        });
  }

  /** Replaces what is in the input. */
  void type(By by, String text) {
    await(
        "text into " + by,
        d -> {
          WebElement input = d.findElement(by);
          input.clear();
          input.sendKeys(text);
          return true;
        });
  }

  /** Presses keys with the focus where it is. */
  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** An entry of the menu of the page's head. */
  void act(String label) {
    click(By.cssSelector("main .menu > button[aria-label='More acts']"));
    click(By.xpath("//*[@role='menuitem'][normalize-space()='" + label + "']"));
  }

  static By button(String label) {
    return By.xpath("//button[normalize-space()='" + label + "']");
  }

  /** An entry of a list's choice of columns. */
  static By column(String label) {
    return By.xpath("//*[@role='menuitemcheckbox'][normalize-space()='" + label + "']");
  }

  /** The input that the label names. */
  static By field(String label) {
    return By.xpath("//*[@id=//label[normalize-space()='" + label + "']/@for]");
  }

  /** The button that sends the sheet. */
  static By submit() {
    return By.cssSelector(".slide footer .primary");
  }

  /** A row of the table with this label whose first cell with a name shows the text. */
  static By row(String table, String name) {
    return By.xpath(
        "//table[@aria-label='%s']/tbody/tr[td[contains(@class,'c-name')][normalize-space()='%s']]"
            .formatted(table, name));
  }

  /** Whether the act is not allowed, or not possible now. */
  static boolean isOff(WebElement act) {
    return !act.isEnabled() || "true".equals(act.getAttribute("aria-disabled"));
  }

  /** Closes the page, so that it does not miss the broker that is stopped next. */
  void leave() {
    driver.get("about:blank");
  }

  // ---- judging

  /** What the browser complained of since it was asked last: scripts, policy, failed loads. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Texts that are hard to read: their contrast, their colours, and what they say. */
  @SuppressWarnings("unchecked")
  List<String> lowContrast() {
    return (List<String>) script(PageAudit.CONTRAST);
  }

  /** The width of what is in the document, in CSS pixels. */
  long contentWidth() {
    return (Long) script("return document.scrollingElement.scrollWidth");
  }
}
