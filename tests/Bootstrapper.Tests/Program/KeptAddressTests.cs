using Bootstrapper.Tests.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// An installed node without <c>ip</c>, in a network of its own where the bootstrapper is silent: what the script of each start
/// does about its address.
/// </summary>
[Trait("Category", "Slow")]
public sealed class KeptAddressTests : IAsyncDisposable
{
    private const string Leased = "10.9.9.5/24";
    private const string Bootstrapper = "10.9.9.1";

    private readonly NodeDisk _disk = new();
    private NetworkNamespace _machine = null!;
    private NetworkNamespace _others = null!;

    public async ValueTask DisposeAsync()
    {
        await _machine.DisposeAsync();
        await _others.DisposeAsync();
        _disk.Dispose();
    }

    [RackFact]
    public async Task The_last_lease_holds_where_no_server_answers_until_there_is_another()
    {
        await InstallAsync();
        await LeaseAsync(Leased);
        Assert.DoesNotContain("DHCP", await RenewAsync(), StringComparison.Ordinal);

        await StartWithoutLeaseAsync();
        Assert.Contains(
            $"no DHCP server answers: eth0 goes on at {Leased}, its last address\n",
            await RenewAsync(),
            StringComparison.Ordinal);
        Assert.Equal([Leased], await AddressesAsync());
        var route = await _machine.OutputOfAsync("ip", "route", "show", "default");
        Assert.Equal($"default via {Bootstrapper} dev eth0", route.Trim());
        Assert.DoesNotContain("DHCP", await RenewAsync(), StringComparison.Ordinal);

        await LeaseAsync("10.9.9.6/24");
        await RenewAsync();
        Assert.Equal(["10.9.9.6/24"], await AddressesAsync());
    }

    [RackFact]
    public async Task It_is_not_taken_from_a_machine_that_has_it_now()
    {
        await InstallAsync();
        await LeaseAsync(Leased);
        await RenewAsync();
        await StartWithoutLeaseAsync();
        await _others.IpAsync($"address add {Leased} dev eth0");

        Assert.Contains(
            $"the last address, {Leased}, is another machine's now\n", await RenewAsync(), StringComparison.Ordinal);
        Assert.Empty(await AddressesAsync());
    }

    [RackFact]
    public async Task A_machine_that_never_had_a_lease_has_none_to_go_on_with()
    {
        await InstallAsync();
        await StartWithoutLeaseAsync();
        Assert.DoesNotContain("DHCP", await RenewAsync(), StringComparison.Ordinal);
        Assert.Empty(await AddressesAsync());
    }

    [RackFact]
    public async Task An_address_that_the_kubelets_certificate_does_not_have_is_seen_within_the_minute()
    {
        await InstallAsync();
        _disk.PutProgram("/usr/bin/systemctl", "echo \"$@\"");
        Assert.Equal("", await LookAsync());

        await LeaseAsync(Leased);
        Assert.Equal("--no-block start bootstrapper-renew.service\n", await LookAsync());

        CertifyKubelet(Leased.Split('/')[0]);
        Assert.Equal("", await LookAsync());

        await StartWithoutLeaseAsync();
        await LeaseAsync("10.9.9.6/24");
        Assert.Equal("--no-block start bootstrapper-renew.service\n", await LookAsync());
    }

    /// <summary>On loopback as every test of the daemon, and then with the bootstrapper elsewhere.</summary>
    private async Task InstallAsync()
    {
        var node = Sample.Node() with { Ip = null };
        await using (var daemon = await TestDaemon.StartAsync(
            Sample.Cluster(node), bsroot => Bsroot.Write(bsroot.DnsmasqLeases, $"4102444800 {node.Mac} 127.0.0.2 n1 *\n")))
        {
            using var client = daemon.From("127.0.0.2");
            var config = await client.GetStringAsync($"/ignition/{node.Mac}", TestContext.Current.CancellationToken);
            _disk.Apply(config);
        }

        var script = _disk.At("/opt/bootstrapper/renew");
        await File.WriteAllTextAsync(
            script,
            (await File.ReadAllTextAsync(script, TestContext.Current.CancellationToken)).Replace(
                "127.0.0.1", Bootstrapper, StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        _disk.PutProgram("/usr/sbin/arping", "exec busybox arping \"$@\"");
        _machine = await NetworkNamespace.CreateAsync();
        _others = await NetworkNamespace.CreateAsync();
        await NetworkNamespace.ConnectAsync(_machine, Leased, _others, $"{Bootstrapper}/24");
        await StartWithoutLeaseAsync();

        // As systemd sets it: the first address of a network takes no other with it.
        await _machine.OutputOfAsync("sysctl", "-q", "-w", "net.ipv4.conf.eth0.promote_secondaries=1");
    }

    /// <summary>As a DHCP client does it: with the time for which it may have the address.</summary>
    private async Task LeaseAsync(string address)
    {
        await _machine.IpAsync($"address add {address} dev eth0 valid_lft 600 preferred_lft 600");
        await _machine.IpAsync($"route replace default via {Bootstrapper} dev eth0");
    }

    private Task StartWithoutLeaseAsync() => _machine.IpAsync("address flush dev eth0");

    private async Task<string[]> AddressesAsync() =>
    [
        .. (await _machine.OutputOfAsync("ip", "-4", "-o", "address", "show", "dev", "eth0"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]),
    ];

    private void CertifyKubelet(string address)
    {
        var kubelet = _disk.At("/etc/kubernetes/pki/kubelet");
        OpenSsl.Run(
            "/",
            "req",
            "-x509",
            "-key",
            $"{kubelet}.key",
            "-subj",
            "/CN=kubelet",
            "-addext",
            $"subjectAltName=IP:{address}",
            "-out",
            $"{kubelet}.crt");
    }

    private Task<string> LookAsync() =>
        Tool.OutputOfAsync(_disk.Command(_machine, "/bin/sh", "/opt/bootstrapper/renew", "look"));

    /// <summary>It fails, as there is nobody to learn from; what it says is looked at.</summary>
    private Task<string> RenewAsync() => Tool.OutputOfAsync(
        _disk.Command(_machine, "/bin/sh", "-c", "/bin/sh /opt/bootstrapper/renew 2>&1; echo"));
}
