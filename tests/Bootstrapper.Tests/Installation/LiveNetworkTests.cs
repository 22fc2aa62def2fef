using System.Runtime.CompilerServices;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Installation;

/// <summary>
/// From which card the live system of docker/live-system/ speaks, and for how long it keeps to it: its own scripts, on a machine
/// of files, with programs that say what they were told.
/// </summary>
public sealed class LiveNetworkTests : IDisposable
{
    private const string Scripts = "docker/live-system/usr/bin";
    private const string Booted = "52:54:00:00:00:0b";

    private readonly TemporaryDirectory _directory = new();

    public LiveNetworkTests()
    {
        foreach (var (card, address) in new[] { ("eth0", "52:54:00:00:00:0a"), ("eth1", Booted), ("eth2", "52:54:00:00:00:0c") })
        {
            Directory.CreateDirectory(At($"net/{card}/device"));
            _directory.Write($"net/{card}/address", $"{address}\n");
            _directory.Write($"net/{card}/type", "1\n");
        }

        foreach (var place in new[] { "bin", "run", "firmware", "certificates" })
        {
            Directory.CreateDirectory(At(place));
        }

        _directory.Write("cmdline", "quiet\n");
        _directory.Write("log", "");
        _directory.Write("seconds", "1");
        _directory.Write("leases", "");
        Program("ip", "true");
        Program("kill", "echo kill >>$here/log");
        Program("tell", "echo tell \"$@\" >>$here/log");
        Program("sleep", "echo $(($(cat $here/seconds) + $1)) >$here/seconds.new && mv $here/seconds.new $here/seconds");
        Program("udhcpc", "echo udhcpc $2 >>$here/log; sleep 10; echo $$ >\"$8\"; grep -qx \"$2\" $here/leases");
        foreach (var script in Directory.GetFiles(Path.Combine(Top(), Scripts)).Select(Path.GetFileName))
        {
            if (!File.Exists(At($"bin/{script}")))
            {
                Put(script!, File.ReadAllText(Path.Combine(Top(), Scripts, script!))
                    .Replace("/sys/firmware/efi/efivars", At("firmware"), StringComparison.Ordinal)
                    .Replace("/sys/class/net", At("net"), StringComparison.Ordinal)
                    .Replace("/proc/cmdline", At("cmdline"), StringComparison.Ordinal)
                    .Replace("/proc/uptime", At("seconds"), StringComparison.Ordinal)
                    .Replace("/etc/ssl/certs", At("certificates"), StringComparison.Ordinal)
                    .Replace("/run/", $"{At("run")}/", StringComparison.Ordinal)
                    .Replace("kill \"$(", "env kill \"$(", StringComparison.Ordinal));
            }
        }
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("BOOTIF=01-52-54-00-00-00-0B")]
    [InlineData("quiet")]
    public async Task It_speaks_from_the_card_that_it_was_booted_from(string arguments)
    {
        _directory.Write("cmdline", $"{arguments}\n");
        StartFrom(Card(Booted, ofType: 1));
        Leases("eth0", "eth1");
        Assert.Equal(Booted, (await RunAsync("boot-card")).Trim());
        await RunAsync("start-network");
        Assert.Equal(["udhcpc eth1"], Log());
    }

    [Fact]
    public async Task Where_nobody_says_which_that_is_each_card_has_its_turn()
    {
        StartFrom(Card("a0:b0:c0:d0:e0:f0", ofType: 32));
        Leases("eth2");
        Assert.Equal("", await RunAsync("boot-card"));
        await RunAsync("start-network");
        Assert.Equal(["udhcpc eth0", "tell no-lease eth0", "udhcpc eth1", "tell no-lease eth1", "udhcpc eth2"], Log());
    }

    /// <summary>A switch may be slow; a card may have no driver here, or no cable any more.</summary>
    [Fact]
    public async Task A_card_that_is_given_no_address_for_two_minutes_is_not_kept_to()
    {
        StartFrom(Card(Booted, ofType: 0));
        Leases("eth0");
        await RunAsync("start-network");
        var log = Log();
        Assert.InRange(log.Count(line => line == "udhcpc eth1"), 10, 13);
        Assert.Equal("udhcpc eth0", log[^1]);
    }

    [Fact]
    public async Task A_lease_that_leads_to_nobody_is_given_up_for_the_next_cards()
    {
        Leases("eth0", "eth2");
        Program("curl", """
            echo curl >>$here/log
            if [ "$(cat $here/run/network-card)" = eth0 ]; then exit 7; fi
            printf '#!/bin/sh\necho is-run\n' >"$7"
            """);
        _directory.Write("cmdline", "cloud-config-url=https://10.0.0.1/start.sh\n");
        await RunAsync("start-network");
        Assert.Contains("is-run", await RunAsync("run-user-data"), StringComparison.Ordinal);
        var log = Log();
        Assert.Equal(11, log.Count(line => line == "curl"));
        Assert.Contains("kill", log);
        Assert.Equal(["tell lease-given-up eth0", "udhcpc eth1", "tell no-lease eth1", "udhcpc eth2"],
            log.SkipWhile(line => line != "tell lease-given-up eth0").Take(4));
    }

    /// <summary>Who is to be asked has nothing yet: that is no reason to look elsewhere.</summary>
    [Fact]
    public async Task A_lease_is_kept_while_there_is_an_answer()
    {
        Leases("eth0", "eth2");
        Program("curl", """
            echo curl >>$here/log
            [ "$(grep -c curl $here/log)" -gt 40 ] || exit 22
            printf '#!/bin/sh\n' >"$7"
            """);
        _directory.Write("cmdline", "cloud-config-url=https://10.0.0.1/start.sh\n");
        await RunAsync("start-network");
        await RunAsync("run-user-data");
        Assert.Single(Log(), line => line.StartsWith("udhcpc", StringComparison.Ordinal));
    }

    /// <summary>Somebody whose certificate is not good, and whose date is another one each time.</summary>
    [Fact]
    public async Task Nobody_has_it_ask_without_a_pause()
    {
        Leases("eth0");
        _directory.Write("certificates/ca-certificates.crt", "");
        File.SetLastWriteTimeUtc(At("certificates/ca-certificates.crt"), DateTime.UnixEpoch);
        Program("date", """
            case "$*" in
              *GMT*) grep -c curl $here/log | sed 's/$/00000/' ;;
              '-u -s'*) echo set >>$here/log ;;
              *) echo 0 ;;
            esac
            """);
        Program("curl", """
            echo curl >>$here/log
            case "$*" in *healthz*) echo 'Date: Thu, 01 Jan 2099 00:00:00 GMT'; exit ;; esac
            [ "$(grep -c set $here/log)" -gt 20 ] || exit 60
            printf '#!/bin/sh\n' >"$7"
            """);
        _directory.Write("cmdline", "cloud-config-url=https://10.0.0.1/start.sh\n");
        await RunAsync("start-network");
        await RunAsync("run-user-data");
        Assert.InRange(int.Parse(await File.ReadAllTextAsync(At("seconds"), Cancellation), Invariant), 40, 200);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private Task<string> RunAsync(string script) => RealProgram.RunAsync(
        "env", [$"PATH={At("bin")}:{Environment.GetEnvironmentVariable("PATH")}", At($"bin/{script}")]);

    private void Leases(params string[] cards) => _directory.Write("leases", string.Concat(cards.Select(card => $"{card}\n")));

    private IReadOnlyList<string> Log() => File.ReadAllLines(At("log"));

    private void Program(string name, string body) => Put(name, $"#!/bin/sh\nhere={_directory.Path}\n{body}\n");

    private void Put(string name, string text) => File.SetUnixFileMode(
        _directory.Write($"bin/{name}", text), Bsroot.PublicFile | UnixFileMode.UserExecute);

    private string At(string name) => Path.Combine(_directory.Path, name);

    /// <summary>The firmware says that it started this, and how it is reached.</summary>
    private void StartFrom(byte[] node)
    {
        const string OfFirmware = "8be4df61-93ca-11d2-aa0d-00e098032b8c";
        byte[] path = [2, 1, 12, 0, 0xd0, 0x41, 3, 0x0a, 0, 0, 0, 0, .. node, 3, 12, 5, 0, 0, 0x7f, 0xff, 4, 0];
        File.WriteAllBytes(At($"firmware/BootCurrent-{OfFirmware}"), [6, 0, 0, 0, 0x0c, 0]);
        File.WriteAllBytes(
            At($"firmware/Boot000C-{OfFirmware}"),
            [7, 0, 0, 0, 1, 0, 0, 0, (byte)path.Length, 0, (byte)'n', 0, 0, 0, .. path]);
    }

    private static byte[] Card(string address, byte ofType) =>
        [3, 11, 37, 0, .. address.Split(':').Select(part => Convert.ToByte(part, 16)), .. new byte[26], ofType];

    private static string Top([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));
}
