using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Cluster;

/// <summary>The installer in the live system that is signed for Secure Boot has no vendor's key.</summary>
public sealed class SecureBootRulesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("boot: {kernel: debian-live/vmlinuz, initrd: [debian-live/initrd.img, firmware.cpio]}")]
    [InlineData("boot: {kernel: /debian-live/vmlinuz, initrd: [other.img]}")]
    [InlineData("boot: {kernel: newer/vmlinuz, initrd: ['http://10.0.0.1/debian-live/initrd.img']}")]
    public void Whoever_is_installed_by_it_needs_the_key(string traits) =>
        Assert.StartsWith("os.signing_key is missing", Assert.Single(Problems(traits)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("boot: {kernel: debian/vmlinuz, initrd: [debian/initrd.img]}")]
    [InlineData("boot: {kernel: debian-live/vmlinuz, initrd: [debian-live/initrd.img], memory_only: y}")]
    [InlineData("secure_boot: n")]
    public void Nobody_else_does(string traits) => Assert.Empty(Problems(traits));

    private static IReadOnlyList<Problem> Problems(string traits) => ClusterDescriptionReader.Read($$"""
        bootstrapper: 10.0.0.1
        subnet: 10.0.0.0/24
        iplow: 10.0.0.100
        iphigh: 10.0.0.199
        secure_boot: y
        profiles:
          - name: p
            {{traits}}
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, ip: 10.0.0.11, kube_master: y, etcd_member: y, profile: p}

        """).Problems;
}
