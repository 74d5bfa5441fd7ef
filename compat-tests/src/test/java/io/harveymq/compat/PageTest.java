package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every suite of the browser page needs: the page of the broker under test in a browser where
 * nobody is logged in, and after the test the certainty that the browser did not complain: neither
 * of a script, nor of the content security policy, nor of a load that failed. One thread, the
 * test's.
 */
@Tag("browser")
@Timeout(120)
@ExtendWith(Browser.class)
abstract class PageTest extends CompatTest {
  private final List<String> expected = new ArrayList<>();

  protected final ManagementClient http =
      BrokerUnderTest.isEmbedded() ? ManagementClient.ofTarget() : null;

  protected Page page;

  @BeforeEach
  void openBrowser() {
    assumeTrue(BrokerUnderTest.isEmbedded(), "another broker has a page of its own");
    page = new Page(Browser.driver(), BrokerUnderTest.managementUri());
  }

  @AfterEach
  void browserDidNotComplain() {
    page.leave();
    List<String> complaints = new ArrayList<>(page.complaints());
    complaints.removeIf(complaint -> expected.stream().anyMatch(complaint::contains));
    assertThat(complaints).isEmpty();
  }

  /** The browser may complain so: it does of every answer that is no success. */
  void expectComplaint(String part) {
    expected.add(part);
  }
}
