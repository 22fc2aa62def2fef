using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Rehearsal;

/// <summary>
/// A machine from power on until it runs: what its firmware, its loader, the live system and the installed one ask, in their
/// order and as patiently as each of them is. Whatever it gives up, it is switched off and on again.
/// </summary>
/// <param name="number">Machines are of several kinds, by turns.</param>
internal sealed class PlayedMachine(Stage stage, Node node, int number) : IDisposable
{
    /// <summary>See <see cref="StepGate"/>.</summary>
    public const int Steps = 6 + LiveSystem.Steps + 2;

    private const int MostRedirections = 5;

    /// <summary>As scripts for iPXE say.</summary>
    private static readonly TimeSpan LoaderPause = TimeSpan.FromSeconds(10);

    private static readonly DhcpVoice[] Kinds = [DhcpVoice.Bios, DhcpVoice.Uefi, DhcpVoice.UefiHttp];

    private readonly DhcpVoice _firmware = Kinds[number % Kinds.Length];

    private readonly DhcpClient _dhcp = new(stage.Cable, node.Mac, UuidOf(node));

    private readonly HttpAsker _http = new(stage.Network, node.Ip!, stage.Web);

    private int _step;

    /// <summary>Some try the network before their disk, every time, where each goes at its own pace.</summary>
    private bool TriesNetworkFirst => number % 4 == 0 && stage.Gate is null;

    private Phases Phases => stage.Phases;

    private bool HasSystem => stage.Ledger.Of(node.Mac) >= NodeState.Installed;

    /// <returns>Once it runs.</returns>
    public async Task LiveAsync(CancellationToken cancellation)
    {
        await Task.Delay(stage.SwitchOnWithin * Random.Shared.NextDouble(), cancellation);
        while (stage.Ledger.Of(node.Mac) != NodeState.Running)
        {
            await Task.Delay(stage.SelfTest, cancellation);
            if (HasSystem && !TriesNetworkFirst)
            {
                await RunInstalledAsync(cancellation);
            }
            else
            {
                await BootFromNetworkAsync(cancellation);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static Guid UuidOf(Node node) => node.Uuid ?? new Guid((uint)node.Mac.Value, (ushort)(node.Mac.Value >> 32), 0x4a53,
        0x8c, 0x1f, 0x52, 0x54, 0x00, 0x77, 0x00, 0x01);

    /// <summary>Waits for the others, where all go in step; each step once.</summary>
    private async Task BeginAsync(int step)
    {
        for (; stage.Gate is not null && _step <= step; _step++)
        {
            _http.Close(); // who waits for the others holds none of the connections that the server has for all
            await stage.Gate.ArriveAsync(_step);
        }
    }

    private async Task BootFromNetworkAsync(CancellationToken cancellation)
    {
        await BeginAsync(0);
        if (await AskForAddressAsync(_firmware, Phases.FirmwareDhcp, cancellation) is { } given
            && await LoadIpxeAsync(given, cancellation))
        {
            await BeginAsync(3);
            if (await AskForAddressAsync(_firmware.AsIpxe(), Phases.LoaderDhcp, cancellation) is { } grant)
            {
                await RunIpxeAsync(grant, cancellation);
            }
        }
    }

    private async Task<DhcpGrant?> AskForAddressAsync(DhcpVoice voice, Phase phase, CancellationToken cancellation)
    {
        var grant = await _dhcp.AskAsync(voice, phase, cancellation);
        if (grant is not null && !grant.Address.Equals(node.Ip))
        {
            stage.Ledger.Fault($"{node.HostName} was given {grant.Address}; its address is {node.Ip}");
        }

        return grant;
    }

    private async Task<bool> LoadIpxeAsync(DhcpGrant given, CancellationToken cancellation)
    {
        await BeginAsync(1);
        var isHttp = Uri.TryCreate(given.BootFile, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp;
        if (isHttp)
        {
            await BeginAsync(2);
            return await LoadByHttpAsync(url!, cancellation);
        }

        var began = Phase.Begin();
        using var socket = stage.Network.Socket(SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(node.Ip!, 0));
        var tftp = new TftpClient(socket, given.NextServer);
        var came = _firmware == DhcpVoice.Uefi && !await tftp.ProbeAsync(given.BootFile, Phases.TftpLoader, cancellation)
            ? null
            : await tftp.FetchAsync(given.BootFile, Phases.TftpLoader, cancellation);
        if (came is null)
        {
            Phases.TftpLoader.Fail();
            return false;
        }

        Phases.TftpLoader.End(began);
        if (!stage.Files.IsLoader(given.BootFile, came))
        {
            stage.Ledger.Fault($"{node.HostName} was sent {came.Length} bytes as {given.BootFile} that are not in it");
        }

        await BeginAsync(2);
        return true;
    }

    private async Task<bool> LoadByHttpAsync(Uri url, CancellationToken cancellation)
    {
        var began = Phase.Begin();
        if (!await FetchAsync(url, cancellation))
        {
            Phases.HttpLoader.Fail();
            return false;
        }

        Phases.HttpLoader.End(began);
        return true;
    }

    /// <summary>As the scripts have it: what cannot be had is asked for again from the beginning, every ten seconds.</summary>
    private async Task RunIpxeAsync(DhcpGrant grant, CancellationToken cancellation)
    {
        for (var first = true; !cancellation.IsCancellationRequested; first = false)
        {
            await BeginAsync(4);
            var order = await FollowAsync(new Uri(grant.BootFile), cancellation);
            if (order is null && first)
            {
                Phases.Scripts.Fail();
                return; // the first script did not come: iPXE gives up, and the firmware begins anew
            }

            switch (order?.Act)
            {
                case IpxeAct.LocalDisk:
                    await RunFromDiskAsync(cancellation);
                    return;
                case IpxeAct.Wait:
                    stage.Ledger.Refuse("told to wait");
                    await Task.Delay(LoaderPause, cancellation); // somebody presses a key
                    break;
                case IpxeAct.Boot when await LoadSystemAsync(order, cancellation):
                    await InstallAsync(order, cancellation);
                    return;
                default:
                    await Task.Delay(LoaderPause, cancellation);
                    break;
            }
        }
    }

    /// <returns>What the last of the scripts says; <c>null</c> where one did not come.</returns>
    private async Task<IpxeOrder?> FollowAsync(Uri script, CancellationToken cancellation)
    {
        var began = Phase.Begin();
        for (var chained = 0; chained < MostRedirections; chained++)
        {
            if (await _http.GetAsync(script.PathAndQuery, cancellation) is not { IsGood: true } answer)
            {
                Phases.Scripts.Retry();
                return null;
            }

            var order = IpxeReader.Read(answer.Text, Values(), script);
            if (order.Act != IpxeAct.Chain)
            {
                Phases.Scripts.End(began);
                return order;
            }

            script = order.Files[0];
        }

        return null;
    }

    private Dictionary<string, string> Values() => new(StringComparer.Ordinal)
    {
        ["uuid"] = UuidOf(node).ToString(),
        ["mac:hexhyp"] = node.Mac.ToHyphenated(),
        ["domain:uristring"] = stage.Cluster.DomainName,
        ["hostname:uristring"] = node.HostName,
        ["serial:uristring"] = node.Serial?.Value ?? string.Create(CultureInfo.InvariantCulture, $"PLAYED{number:D6}"),
        ["buildarch:uristring"] = node.Channel.EndsWith("-arm64", StringComparison.Ordinal) ? "arm64" : "x86_64",
        ["smbios/0.19.8.4:hexraw"] = "ffffff01", // 32 GiB, in KiB, the lowest byte first
    };

    private async Task<bool> LoadSystemAsync(IpxeOrder order, CancellationToken cancellation)
    {
        await BeginAsync(5);
        var began = Phase.Begin();
        foreach (var file in order.Files)
        {
            if (!await FetchAsync(file, cancellation))
            {
                Phases.LiveSystem.Retry();
                return false;
            }
        }

        Phases.LiveSystem.End(began);
        _http.Close();
        return true;
    }

    private async Task InstallAsync(IpxeOrder order, CancellationToken cancellation)
    {
        if (HasSystem)
        {
            stage.Ledger.Fault($"{node.HostName} was told to install, and has a system");
        }

        var live = new LiveSystem(stage, node, _http, step => BeginAsync(6 + step));
        await BeginAsync(6);
        if (await AskForAddressAsync(DhcpVoice.System, Phases.LiveDhcp, cancellation) is not null)
        {
            await live.RunAsync(order.Arguments, cancellation);
        }
    }

    /// <summary>The loader was told to leave the machine to its disk.</summary>
    private async Task RunFromDiskAsync(CancellationToken cancellation)
    {
        if (HasSystem)
        {
            await RunInstalledAsync(cancellation);
            return;
        }

        stage.Ledger.Fault($"{node.HostName} was told to boot its disk, and has no system");
        await Task.Delay(LoaderPause, cancellation);
    }

    private async Task RunInstalledAsync(CancellationToken cancellation)
    {
        await BeginAsync(Steps - 2);
        if (await AskForAddressAsync(DhcpVoice.System, Phases.InstalledDhcp, cancellation) is null)
        {
            return;
        }

        await BeginAsync(Steps - 1);
        while (!await MachineReport.SendAsync(
            _http, stage, node, "state=running&os_version=4593.2.5", TimeSpan.FromSeconds(5), cancellation))
        {
            stage.Ledger.Fault($"{node.HostName} may not report that it runs");
            await Task.Delay(LoaderPause, cancellation);
        }

        stage.Ledger.Acknowledge(node, NodeState.Running);
    }

    private Task<bool> FetchAsync(Uri url, CancellationToken cancellation) =>
        MachineFetch.TakeAsync(_http, stage, node, url, cancellation);
}
