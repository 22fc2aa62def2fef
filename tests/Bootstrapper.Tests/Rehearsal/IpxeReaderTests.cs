using Bootstrapper.Model;
using Bootstrapper.Rehearsal;
using Bootstrapper.Rendering.Loaders;

namespace Bootstrapper.Tests.Rehearsal;

/// <summary>What a played machine makes of the scripts that we give to iPXE.</summary>
public sealed class IpxeReaderTests
{
    private static readonly Uri From = new("http://10.0.0.1/start.ipxe");

    private static readonly Dictionary<string, string> Values =
        new(StringComparer.Ordinal) { ["mac:hexhyp"] = "52-54-00-00-00-01" };

    [Fact]
    public void The_first_script_asks_on_with_what_iPXE_knows()
    {
        var order = IpxeReader.Read(IpxeScript.Start, Values, From);

        Assert.Equal(IpxeAct.Chain, order.Act);
        Assert.Equal(
            "/ipxe?retry=yes&uuid=&mac=52-54-00-00-00-01&domain=&hostname=&serial=&arch=",
            Assert.Single(order.Files).PathAndQuery);
    }

    [Fact]
    public void A_machine_is_told_what_to_boot()
    {
        var boot = new NetBoot("http://10.0.0.1/kernel", ["http://10.0.0.1/initrd"], ["initrd=initrd", "quiet"]);

        var order = IpxeReader.Read(IpxeScript.BootOrRetry(boot, ""), Values, From);

        Assert.Equal(IpxeAct.Boot, order.Act);
        Assert.Equal(["/kernel", "/initrd"], order.Files.Select(file => file.AbsolutePath));
        Assert.Equal(["initrd=initrd", "quiet"], order.Arguments);
    }

    [Fact]
    public void A_machine_is_told_to_wait_and_to_boot_its_disk()
    {
        Assert.Equal(
            IpxeAct.Wait, IpxeReader.Read(IpxeScript.Waiting("node-1", new Wait("it is early", "Wait")), Values, From).Act);
        Assert.Equal(IpxeAct.LocalDisk, IpxeReader.Read(IpxeScript.LocalDisk("node-1"), Values, From).Act);
    }
}
