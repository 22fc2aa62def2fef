using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>Machines that cannot boot what they are to boot, or do so again and again, are told why on their screens.</summary>
[Trait("Category", "Slow")]
public sealed class BootWaitTests : IAsyncLifetime
{
    private const string Ipxe = "/ipxe?mac=52-54-00-00-00-01&arch=x86_64", Grub = "/grub?mac=52:54:00:00:00:01";
    private const string Kernel = "stable/current/flatcar_production_pxe.vmlinuz",
        Initrd = "stable/current/flatcar_production_pxe_image.cpio.gz";

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 5, 1, 14, 0, 0, TimeSpan.Zero));
    private TestDaemon _daemon = null!;
    private HttpClient _machine = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1), Sample.Node(2)), time: _clock);
        _machine = _daemon.From("127.0.0.2");
    }

    public async ValueTask DisposeAsync()
    {
        _machine.Dispose();
        await _daemon.DisposeAsync();
    }

    [Theory]
    [InlineData(
        Ipxe,
        "#!ipxe\nkernel ",
        "#!ipxe\n:waiting\necho\necho n1 is waiting: it was told what to boot 4 times in 10 minutes and made no progress.\necho ",
        "\nprompt --timeout 600000 ",
        "\nchain --replace start.ipxe || goto waiting\n")]
    [InlineData(
        Grub,
        "default=0\n",
        "echo 'n1 is waiting: it was told what to boot 4 times in 10 minutes and made no progress.'\necho ",
        "\nsleep --interruptible 600\n",
        "/grub?mac=52:54:00:00:00:01'\n")]
    public async Task The_fifth_time_in_ten_minutes_a_machine_is_told_why_it_waits(
        string url, string boots, string waiting, string waits, string asksAgain)
    {
        for (var time = 1; time <= 4; time++)
        {
            Assert.StartsWith(boots, await AskAsync(url), StringComparison.Ordinal);
        }

        var screen = await AskAsync(url);
        Assert.StartsWith(waiting, screen, StringComparison.Ordinal);
        Assert.Contains(waits, screen, StringComparison.Ordinal);
        Assert.EndsWith(asksAgain, screen, StringComparison.Ordinal);
        Assert.Single(_daemon.Log.Lines, line => line.StartsWith("Warning: \"n1\" is waiting: ", StringComparison.Ordinal));
        Assert.StartsWith("#!ipxe\nkernel ", await AskAsync("/ipxe?mac=52-54-00-00-00-02"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_in_its_place_does_not_count()
    {
        using var stranger = _daemon.From("127.0.9.9");
        for (var time = 1; time <= 5; time++)
        {
            Assert.StartsWith("#!ipxe\nkernel ", await stranger.GetStringAsync(Ipxe, Cancellation), StringComparison.Ordinal);
        }
    }

    /// <summary>VirtualBox' iPXE is one, without its extension pack.</summary>
    [Fact]
    public async Task An_iPXE_that_cannot_start_the_kernel_is_given_another_and_waits_where_that_cannot_either()
    {
        const string Retry = "/ipxe?retry=yes&mac=52-54-00-00-00-01&arch=i386&serial=SN%2312";
        var script = await AskAsync(Retry);
        Assert.Contains("\nimgselect kernel && goto lost ||\n", script, StringComparison.Ordinal);
        Assert.Contains(
            "\nchain --replace ipxe?unable=yes&retry=yes&mac=52-54-00-00-00-01&arch=i386&serial=SN%2312 || goto lost\n",
            script, StringComparison.Ordinal);

        const string Unable = "/ipxe?unable=yes&retry=yes&mac=52-54-00-00-00-01&arch=i386&serial=SN%2312";
        PutInitrd(mebibytes: 600); // for which a machine would be asked for its memory
        var other = await AskAsync(Unable);
        Assert.Contains(
            "\niseq ${platform} pcbios && chain --replace tftpboot/undionly.kpxe ||\nchain --replace start.ipxe\n",
            other, StringComparison.Ordinal);
        Assert.StartsWith("#!ipxe\nkernel ", await AskAsync(Retry), StringComparison.Ordinal);

        Assert.Contains("echo n1 is waiting: its iPXE cannot start ", await AskAsync(Unable), StringComparison.Ordinal);
        Assert.Single(_daemon.Log.Lines, line => line.Contains("(Exec format error)", StringComparison.Ordinal));
        Assert.Contains("its iPXE cannot start ", await AskAsync(Retry), StringComparison.Ordinal);
        _clock.Advance(BootTrail.Window);
        Assert.StartsWith("#!ipxe\nkernel ", await AskAsync(Retry), StringComparison.Ordinal);
        Assert.Contains("chain --replace tftpboot/undionly.kpxe", await AskAsync(Unable), StringComparison.Ordinal);
    }

    /// <summary>Whoever it is: it loads the kernel twice in ten minutes, and not every few seconds.</summary>
    [Theory]
    [InlineData("52-54-00-00-ff-01", true)]
    [InlineData("52:54:00:00:ff:02", true)]
    [InlineData("52-54-00-00-ff-03", false)]
    [InlineData("", false)]
    public async Task A_machine_that_nobody_planned_waits_with_such_an_iPXE_too(string mac, bool isOnRecord)
    {
        await using var daemon = await WithStrangerAsync(mac);
        using var machine = daemon.From("127.0.9.1");
        if (isOnRecord)
        {
            daemon.Part<NodeInventory>().Discover(MacAddress.Parse(mac, null), "asked for an address");
        }

        var unable = $"/ipxe?unable=yes&retry=yes&mac={mac}&arch=i386";
        for (var time = 1; time <= (isOnRecord ? 2 : 1); time++)
        {
            if (isOnRecord)
            {
                Assert.Contains(
                    "chain --replace tftpboot/undionly.kpxe", await machine.GetStringAsync(unable, Cancellation),
                    StringComparison.Ordinal);
            }

            var waiting = await machine.GetStringAsync(unable, Cancellation);
            Assert.Matches("\necho (52-54-00-00-ff-0.|it) is waiting: its iPXE cannot start http://.*Exec format error", waiting);
            Assert.Contains("\nprompt --timeout 600000 ", waiting, StringComparison.Ordinal);
            _clock.Advance(BootTrail.Window);
        }

        Assert.Equal(
            isOnRecord ? 2 : 0, daemon.Log.Lines.Count(line => line.Contains("(Exec format error)", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_is_not_the_machine_keeps_none_that_nobody_planned_from_booting()
    {
        await using var daemon = await WithStrangerAsync("52-54-00-00-ff-01");
        daemon.Part<NodeInventory>().Discover(MacAddress.Parse("52-54-00-00-ff-01", null), "asked for an address");
        using var machine = daemon.From("127.0.9.1");
        using var other = daemon.From("127.0.9.9");
        for (var time = 1; time <= 3; time++)
        {
            await other.GetStringAsync("/ipxe?unable=yes&retry=yes&mac=52-54-00-00-ff-01&arch=i386", Cancellation);
        }

        Assert.StartsWith(
            "#!ipxe\nkernel ", await machine.GetStringAsync("/ipxe?mac=52-54-00-00-ff-01&arch=i386", Cancellation),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_ten_minutes_it_is_told_again()
    {
        await AskTooOftenAsync();
        _clock.Advance(BootTrail.Window);
        Assert.StartsWith("#!ipxe\nkernel ", await AskAsync(Ipxe), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_reports_came_somewhere_and_may_boot()
    {
        await AskTooOftenAsync();
        using var report = await _machine.PostAsync(
            "/api/v1/report/52:54:00:00:00:01",
            new StringContent("state=running", null, "application/x-www-form-urlencoded"),
            Cancellation);
        report.EnsureSuccessStatusCode();
        Assert.Contains("booting from the local disk", await AskAsync(Ipxe), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arm64", "n1 is waiting: its processor is arm64, and http://127.0.0.1:")]
    [InlineData("x86_64", null)]
    [InlineData("i386", null)]
    [InlineData("", null)]
    public async Task A_kernel_for_another_processor_is_not_started(string arch, string? waiting)
    {
        PutKernel();
        var script = await AskAsync($"/ipxe?mac=52-54-00-00-00-01&arch={arch}");
        Assert.Equal(waiting is not null, script.Contains("is waiting", StringComparison.Ordinal));
        Assert.Contains(waiting ?? "kernel http://", script, StringComparison.Ordinal);
    }

    /// <summary>
    /// In units of 1 KiB, lowest byte first, each range with its last one: 700 MiB, and 1 GiB after a range that ends at 3 GiB.
    /// </summary>
    [Theory]
    [InlineData("ffef0a00-", "it has 700 MiB of memory and needs at least 1200")]
    [InlineData("ffef0a00---", "it has 700 MiB of memory and needs at least 1200")]
    [InlineData("ffffbf00-ffff4f01--", null)]
    [InlineData("-", null)]
    [InlineData("zzzzzzzz", null)]
    public async Task A_machine_with_too_little_memory_is_told_how_much_is_needed(string memory, string? waiting)
    {
        PutKernel();
        PutInitrd(600);
        var script = await AskAsync($"{Ipxe}&memory={memory}");
        Assert.Equal(waiting is not null, script.Contains("is waiting", StringComparison.Ordinal));
        Assert.Contains(waiting ?? "kernel http://", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_where_memory_matters_is_a_machine_asked_for_it()
    {
        PutKernel();
        PutInitrd(200);
        Assert.StartsWith("#!ipxe\nkernel ", await AskAsync(Ipxe), StringComparison.Ordinal);
        PutInitrd(600);
        Assert.StartsWith("#!ipxe\nchain ipxe?", await AskAsync(Ipxe), StringComparison.Ordinal);
    }

    /// <summary>The second question is about the machine that the first one was about, whatever that said.</summary>
    [Theory]
    [InlineData("/ipxe?retry=yes&uuid=X&mac=52-54-00-dd-00-01&domain=lab.test&hostname=n1&serial=&arch=x86_64")]
    [InlineData("/ipxe?mac=52-54-00-00-00-01&serial=SN%2312&arch=x86_64")]
    [InlineData("/ipxe?serial=A%26mac%3D1%20%24%7Bx%7D&mac=52-54-00-00-00-01")]
    [InlineData("/ipxe")]
    public async Task Asked_for_its_memory_a_machine_says_all_it_said_and_is_asked_once(string url)
    {
        PutKernel();
        PutInitrd(600);
        var script = await AskAsync(url);
        const string Begin = "#!ipxe\nchain ipxe?memory=${smbios/0.19.8.4:hexraw}-${smbios/1.19.8.4:hexraw}"
            + "-${smbios/2.19.8.4:hexraw}-${smbios/3.19.8.4:hexraw}";
        Assert.StartsWith(Begin, script, StringComparison.Ordinal);
        var rest = script[Begin.Length..].TrimEnd();
        Assert.Equal(url.Contains('?', StringComparison.Ordinal) ? $"&{url.Split('?')[1]}" : "", rest);
        foreach (var memory in new[] { "ffffbf00-ffff4f01--", "---", "" })
        {
            Assert.StartsWith("#!ipxe\nkernel ", await AskAsync($"/ipxe?memory={memory}{rest}"), StringComparison.Ordinal);
        }
    }

    /// <param name="mac">Of a machine that nobody planned; it has the address 127.0.9.1.</param>
    private Task<TestDaemon> WithStrangerAsync(string mac) => TestDaemon.StartAsync(
        Sample.Cluster(Sample.Node(1)) with { UnknownNodes = UnknownNodes.Discover },
        bsroot => Bsroot.Write(
            bsroot.DnsmasqLeases, MacAddress.TryParse(mac, null, out var card) ? $"0 {card} 127.0.9.1 * *\n" : ""),
        _clock);

    private async Task AskTooOftenAsync()
    {
        for (var time = 1; time <= 5; time++)
        {
            await AskAsync(Ipxe);
        }

        Assert.Contains("is waiting", await AskAsync(Ipxe), StringComparison.Ordinal);
    }

    private Task<string> AskAsync(string url) => _machine.GetStringAsync(url, Cancellation);

    private void PutKernel()
    {
        var kernel = new byte[4096];
        "HdrS"u8.CopyTo(kernel.AsSpan(0x202));
        Bsroot.Write(Path.Combine(_daemon.Bsroot.Www, Kernel), kernel);
    }

    /// <summary>Of that size, without being written.</summary>
    private void PutInitrd(long mebibytes)
    {
        var path = Path.Combine(_daemon.Bsroot.Www, Initrd);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        file.SetLength(mebibytes << 20);
    }
}
