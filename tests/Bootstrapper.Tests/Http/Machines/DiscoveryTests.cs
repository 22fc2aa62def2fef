using System.Net;
using System.Text;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>Machines that nobody planned. The one with the MAC address …:ff:01 has the address 127.0.9.1, and so on.</summary>
[Trait("Category", "Slow")]
public sealed class DiscoveryTests
{
    private const string Facts = """
        {"cpus":8,"memory":17179869184,"vendor":"ACME\u0007","product":"R1","serial":"S-77",
         "uuid":"4c4c4544-0051-3010-8052-b4c04f4e3232","bmc":"10.9.9.9",
         "disks":[{"name":"sda","size":480103981056,"model":"SSD","serial":"D1"}],
         "nics":[{"name":"eth0","mac":"52:54:00:00:ff:01","link":true},{"name":"eth1","mac":"52:54:00:00:ff:a1","link":false}]}
        """;

    private static readonly Profile[] Profiles =
        [new() { Name = "storage", Quantity = 1, Tags = ["big"] }, new() { Name = "worker", Quantity = 1 }];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_discovered_machine_tells_of_itself_is_on_record_and_it_is_known_by_all_its_names()
    {
        await using var daemon = await StartAsync(UnknownNodes.Discover);
        Assert.Equal(HttpStatusCode.NoContent, await TellAsync(daemon, "127.0.9.1", "52:54:00:00:ff:01", Facts));

        var record = Record(daemon, "52-54-00-00-ff-01");
        Assert.Equal((NodeState.Discovered, 8, "ACME "), (record.State, record.Facts!.Cpus, record.Facts.Vendor));
        Assert.Equal("ACME  R1, 8 CPUs, 16 GiB of memory, 1 disk, 2 network cards", record.Facts.Summary);
        using var operators = await daemon.OperatorAsync();
        foreach (var name in new[] { "S-77", "4c4c4544-0051-3010-8052-b4c04f4e3232", "52:54:00:00:ff:a1" })
        {
            using var node = JsonDocument.Parse(await operators.GetStringAsync($"/api/v1/nodes/{name}", Cancellation));
            Assert.Equal("52:54:00:00:ff:01", node.RootElement.GetProperty("mac").GetString());
        }
    }

    [Fact]
    public async Task Its_other_network_card_is_no_other_machine()
    {
        await using var daemon = await StartAsync(UnknownNodes.Discover);
        await TellAsync(daemon, "127.0.9.1", "52:54:00:00:ff:01", Facts);
        using var machine = daemon.From("127.0.9.1");
        using var _ = await machine.GetAsync("/install.sh?mac=52:54:00:00:ff:a1", Cancellation);
        Assert.Equal(
            ["52-54-00-00-ff-01"],
            Directory.GetFiles(daemon.Bsroot.Inventory, "*-ff-*.json").Select(file => Path.GetFileNameWithoutExtension(file)));
    }

    [Fact]
    public async Task With_install_machines_become_the_first_profile_that_is_not_full_and_then_none()
    {
        await using var daemon = await StartAsync(UnknownNodes.Install);
        for (var machine = 1; machine <= 3; machine++)
        {
            Assert.Equal(
                HttpStatusCode.NoContent,
                await TellAsync(daemon, $"127.0.9.{machine}", $"52:54:00:00:ff:0{machine}", """{"cpus":2}"""));
        }

        Assert.Equal(
            [(NodeState.Configured, "storage"), (NodeState.Configured, "worker"), (NodeState.Discovered, null)],
            Enumerable.Range(1, 3)
                .Select(machine => (Record(daemon, $"52-54-00-00-ff-0{machine}").State, ProfileOf(daemon, machine))));
        Assert.Contains(daemon.Log.Lines, line => line.Contains("waits to be enrolled", StringComparison.Ordinal)
            && line.Contains("every profile is full", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machine_speaks_for_nobody_else()
    {
        await using var daemon = await StartAsync(UnknownNodes.Discover);
        Assert.Equal(HttpStatusCode.Forbidden, await TellAsync(daemon, "127.0.9.2", "52:54:00:00:ff:01", Facts));
        Assert.Equal(HttpStatusCode.Forbidden, await TellAsync(daemon, "127.0.9.2", "52:54:00:00:00:01", Facts));
        Assert.Equal(HttpStatusCode.NoContent, await TellAsync(daemon, "127.0.0.2", "52:54:00:00:00:01", Facts));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"cpus":"many"}""")]
    [InlineData("""{"disks":null}""")]
    [InlineData("""{"disks":[{"size":1}]}""")]
    [InlineData("""{"nics":[{"name":"eth0","mac":"here","link":true}]}""")]
    public async Task What_cannot_be_read_is_refused(string facts)
    {
        await using var daemon = await StartAsync(UnknownNodes.Discover);
        Assert.Equal(HttpStatusCode.BadRequest, await TellAsync(daemon, "127.0.9.1", "52:54:00:00:ff:01", facts));
    }

    [Fact]
    public async Task Where_unknown_machines_are_ignored_they_are_told_nothing_and_asked_nothing()
    {
        await using var daemon = await StartAsync(UnknownNodes.Ignore);
        using var machine = daemon.From("127.0.9.1");
        using var script = await machine.GetAsync("/discover.sh", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, script.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await TellAsync(daemon, "127.0.9.1", "52:54:00:00:ff:01", Facts));
        Assert.Contains("LOCALBOOT", await DefaultBootFileAsync(daemon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Otherwise_they_boot_the_live_system_unless_an_operator_holds_them()
    {
        await using var daemon = await StartAsync(UnknownNodes.Discover);
        Assert.Contains("/discover.sh", await DefaultBootFileAsync(daemon), StringComparison.Ordinal);
        await TellAsync(daemon, "127.0.9.1", "52:54:00:00:ff:01", Facts);

        var own = daemon.Bsroot.At(Bsroot.PxelinuxFile(MacAddress.Parse("52:54:00:00:ff:01", null)));
        Assert.False(File.Exists(own));
        using var operators = await daemon.OperatorAsync();
        using var held = await operators.PostAsync("/api/v1/nodes/52:54:00:00:ff:01/hold", null, Cancellation);
        Assert.Contains("LOCALBOOT", await File.ReadAllTextAsync(own, Cancellation), StringComparison.Ordinal);
        using var released = await operators.PostAsync("/api/v1/nodes/52:54:00:00:ff:01/release", null, Cancellation);
        Assert.False(File.Exists(own));
    }

    [Theory]
    [InlineData("/ipxe?mac=52-54-00-00-ff-01&uuid=x", "#!ipxe\nkernel http://", "sanboot")]
    [InlineData("/grub?mac=52:54:00:00:ff:01", "linuxefi", "chainloader")]
    public async Task Whatever_loader_they_have_they_are_told_the_same(string path, string live, string disk)
    {
        await using var daemon = await StartAsync(UnknownNodes.Discover);
        using var machine = daemon.From("127.0.9.1");
        var script = await machine.GetStringAsync(path, Cancellation);
        Assert.Contains(live, script, StringComparison.Ordinal);
        Assert.Contains("/discover.sh", script, StringComparison.Ordinal);
        Assert.Contains("BOOTIF=01-52-54-00-00-ff-01", script, StringComparison.Ordinal);

        using var operators = await daemon.OperatorAsync();
        await Eventually.True(async () =>
            (await operators.PostAsync("/api/v1/nodes/52:54:00:00:ff:01/hold", null, Cancellation)).IsSuccessStatusCode);
        Assert.Contains(disk, await machine.GetStringAsync(path, Cancellation), StringComparison.Ordinal);
    }

    private static Task<TestDaemon> StartAsync(UnknownNodes unknown) => TestDaemon.StartAsync(
        Sample.Cluster(Sample.Node(1)) with { UnknownNodes = unknown, Profiles = Profiles },
        bsroot => Bsroot.Write(
            bsroot.DnsmasqLeases,
            string.Concat(Enumerable.Range(1, 3).Select(machine => $"0 52:54:00:00:ff:0{machine} 127.0.9.{machine} * *\n"))));

    private static async Task<HttpStatusCode> TellAsync(TestDaemon daemon, string from, string mac, string facts)
    {
        using var machine = daemon.From(from);
        using var response = await machine.PostAsync(
            $"/api/v1/report/{mac}/facts",
            new StringContent(facts, Encoding.UTF8, "application/x-www-form-urlencoded"),
            Cancellation);
        return response.StatusCode;
    }

    private static Task<string> DefaultBootFileAsync(TestDaemon daemon) =>
        File.ReadAllTextAsync(daemon.Bsroot.At("tftpboot/pxelinux.cfg/default"), Cancellation);

    private static NodeRecord Record(TestDaemon daemon, string name) =>
        JsonSerializer.Deserialize<NodeRecord>(
            File.ReadAllText(Path.Combine(daemon.Bsroot.Inventory, $"{name}.json")), InventoryFiles.Json)!;

    private static string? ProfileOf(TestDaemon daemon, int machine) =>
        Bootstrapper.InForce.EnrolledNodes.Read(daemon.Bsroot).FirstOrDefault(node =>
            node.HostName == $"52-54-00-00-ff-0{machine}")?.Profile;
}
