package io.harveymq.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import org.junit.jupiter.api.Test;

/** Who embeds a broker beside an older Netty is told so. */
class NettyVersionTest {
  /** Knows no class of Netty's that came with 4.2. */
  private static final class WithOlderNetty extends ClassLoader {
    WithOlderNetty() {
      super(NettyVersionTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.netty.channel.IoHandler")) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }

  @Test
  void anOlderOneIsNamedWithTheRemedy() {
    String version = Version.identify().get("netty-transport").artifactVersion();
    assertThat(NettyVersion.unfit(new WithOlderNetty()))
        .startsWith("Netty 4.2 is needed, and the class path has netty-transport " + version + ";")
        .contains("<netty.version>" + version + "</netty.version>")
        .contains("ext['netty.version'] = '" + version + "'");
  }

  @Test
  void theOneHereWillDo() {
    assertThat(NettyVersion.unfit(NettyVersionTest.class.getClassLoader())).isNull();
  }
}
