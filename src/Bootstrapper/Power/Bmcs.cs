using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Power;

/// <summary>
/// Speaks to machines' BMCs: to each about one thing at a time, for they are small and mix up more; and to no more than so
/// many at once.
/// </summary>
/// <param name="loaderOf">URL of what a node's firmware is to load where it boots over HTTP.</param>
internal sealed class Bmcs(Bsroot bsroot, Func<Node, Uri> loaderOf, BmcPatience patience, TimeProvider time) : IDisposable
{
    /// <summary>Who asks for many machines gains nothing by asking for more at a time.</summary>
    public const int AtOnce = 32;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly BmcFiles _files = new(bsroot);
    private readonly Turns<(IPAddress, int)> _each = new(atOnce: 1);
    private readonly SemaphoreSlim _all = new(AtOnce);

    public void Dispose() => _all.Dispose();

    /// <summary>As messages name a BMC.</summary>
    public static string Called(string hostName, BmcSettings bmc) =>
        $"the BMC of {hostName}, {bmc.Address} ({Word(bmc.Protocol)})";

    /// <summary>What is said of power, as people write it; empty for nothing.</summary>
    public static string Word<T>(T word) => $"{word}".ToLowerInvariant();

    public Task<PowerState> StateAsync(Node node, CancellationToken cancellation) =>
        TalkAsync(node, SettledAsync, cancellation);

    /// <summary>For who wants to know it beside other things: where others speak to the BMC, that is soon told.</summary>
    public Task<PowerState> GlanceAsync(Node node) =>
        TalkAsync(node, SettledAsync, CancellationToken.None, patience.Glance / 3);

    /// <summary>What it knows of its machine.</summary>
    public Task<BmcFacts> FactsAsync(Node node, CancellationToken cancellation) =>
        TalkAsync(node, (bmc, end) => bmc.FactsAsync(end), cancellation);

    /// <summary>
    /// Opens the machine's serial console; others may speak to the BMC while it is open. One that is not wanted any more is not
    /// opened to its end.
    /// </summary>
    /// <inheritdoc cref="IBmc.ConsoleAsync" path="/param"/>
    public Task<IpmiConsole> ConsoleAsync(Node node, bool take, CancellationToken cancellation) => TalkAsync(
        node,
        async (bmc, end) =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(end, cancellation);
            return await bmc.ConsoleAsync(take, either.Token);
        },
        cancellation);

    /// <summary>Returns when the BMC says that it is done.</summary>
    /// <returns>How it is then.</returns>
    public Task<PowerState> SwitchAsync(Node node, PowerChange change, CancellationToken cancellation) =>
        TalkAsync(node, (bmc, end) => SwitchAsync(bmc, change, end), cancellation);

    public Task BootOnceAsync(Node node, BootDevice device, CancellationToken cancellation) => TalkAsync(
        node,
        async (bmc, end) =>
        {
            await bmc.BootOnceAsync(device, end);
            return device;
        },
        cancellation);

    /// <summary>Has it boot from the network, once and now.</summary>
    public Task<PowerState> BootFromNetworkAsync(Node node, CancellationToken cancellation) => TalkAsync(
        node,
        async (bmc, end) =>
        {
            await bmc.BootOnceAsync(BootDevice.Network, end);
            return await SwitchAsync(bmc, PowerChange.Cycle, end);
        },
        cancellation);

    private async Task<PowerState> SwitchAsync(IBmc bmc, PowerChange change, CancellationToken end)
    {
        var (now, wanted) = (await SettledAsync(bmc, end), change == PowerChange.Off ? PowerState.Off : PowerState.On);
        if (change != PowerChange.Cycle && now == wanted)
        {
            return now;
        }

        try
        {
            await bmc.SwitchAsync(now == PowerState.Off ? PowerChange.On : change, end);
            return await ArrivalAsync(bmc, wanted, end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            throw new PowerException(
                PowerFailure.Unproven, "was given the order, and is too slow to say what came of it: ask how the machine is");
        }
    }

    /// <summary>After an order that was taken.</summary>
    private async Task<PowerState> ArrivalAsync(IBmc bmc, PowerState wanted, CancellationToken end)
    {
        PowerException? last = null;
        for (var asked = time.GetTimestamp(); time.GetElapsedTime(asked) < patience.Change;)
        {
            await Task.Delay(LookAgain, time, end);
            try
            {
                if (await bmc.StateAsync(end) == wanted)
                {
                    return wanted;
                }

                last = null;
            }
            catch (PowerException e)
            {
                last = e; // many are busy, or say nothing of the machine, while it starts
            }
        }

        throw new PowerException(
            PowerFailure.Unproven,
            $"took the order, and {patience.Change.TotalSeconds:0} s later "
                + (last is null ? $"the machine is not {Word(wanted)}" : $"does not say how the machine is: it {last.Message}"));
    }

    /// <summary>Waits while the machine is on its way from one to the other.</summary>
    private async Task<PowerState> SettledAsync(IBmc bmc, CancellationToken end)
    {
        for (var asked = time.GetTimestamp(); time.GetElapsedTime(asked) < patience.Change;)
        {
            if (await bmc.StateAsync(end) is { } state)
            {
                return state;
            }

            await Task.Delay(LookAgain, time, end);
        }

        throw new PowerException(
            PowerFailure.Refused,
            $"says for {patience.Change.TotalSeconds:0} s that the machine is between on and off: look at its console");
    }

    /// <summary>What has begun goes on to its end when nobody waits for it any more; it may be halfway.</summary>
    /// <param name="cancellation">Whether somebody still waits for it to begin.</param>
    /// <exception cref="PowerException">It was not done. The message names the BMC.</exception>
    private async Task<T> TalkAsync<T>(
        Node node, Func<IBmc, CancellationToken, Task<T>> talk, CancellationToken cancellation, TimeSpan? longestWait = null)
    {
        if (node.Bmc is not { Protocol: not null } settings)
        {
            throw new PowerException(PowerFailure.NotDescribed, $"the description does not say how to speak to the BMC of "
                + $"{node.HostName}: write bmc with address, protocol, user and password_file");
        }

        try
        {
            using var turn = await TurnAsync(settings, longestWait ?? patience.Turn, cancellation);
            using var end = new CancellationTokenSource(patience.Conversation, time);
            await using var bmc = Connect(node, settings);
            try
            {
                return await talk(bmc, end.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested || !cancellation.IsCancellationRequested)
            {
                throw new PowerException(
                    PowerFailure.Silent,
                    $"is too slow: it was not done within {patience.Conversation.TotalSeconds:0} s, and how far it came is "
                        + $"not known (bootstrapper node power status {node.HostName})");
            }
        }
        catch (PowerException e)
        {
            throw new PowerException(e.Failure, $"{Called(node.HostName, settings)}: {e.Message}");
        }
    }

    private IBmc Connect(Node node, BmcSettings settings)
    {
        var password = _files.Password(settings);
        return settings.Protocol == BmcProtocol.Ipmi
            ? new IpmiBmc(new IpmiTool(settings, password), patience)
            : new RedfishBmc(
                settings, password, loaderOf(node), new RedfishClient(settings, _files.Certificates(settings), patience));
    }

    private async Task<IDisposable> TurnAsync(BmcSettings settings, TimeSpan longest, CancellationToken cancellation)
    {
        using var turn = new CancellationTokenSource(longest, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, turn.Token);
        try
        {
            var each = await _each.TakeAsync((settings.Address, settings.Port), limit.Token);
            try
            {
                await _all.WaitAsync(limit.Token);
                return new BothTurns(each, _all);
            }
            catch
            {
                each.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PowerException(
                PowerFailure.Busy,
                $"was spoken to by others for {longest.TotalSeconds:0} s, or too many were: try again later");
        }
    }

    private sealed class BothTurns(IDisposable each, SemaphoreSlim all) : IDisposable
    {
        public void Dispose()
        {
            all.Release();
            each.Dispose();
        }
    }
}
