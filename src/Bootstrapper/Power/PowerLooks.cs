using Bootstrapper.Cluster;

namespace Bootstrapper.Power;

/// <summary>
/// Whether machines are on, for who wants to know it beside other things. However many ask of a machine, at once and soon after
/// one another, its BMC is asked once; and nobody waits for it longer than a moment.
/// </summary>
internal sealed class PowerLooks(Bmcs bmcs, BmcPatience patience, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(15);

    private readonly Lock _looking = new();
    private readonly Dictionary<MacAddress, Look> _last = [];

    /// <returns>
    /// <c>null</c> where the description does not say how to speak to its BMC, and where others keep us waiting.
    /// </returns>
    public async Task<PowerLook?> LookAsync(Node node, CancellationToken cancellation)
    {
        if (node.Bmc is not { Protocol: not null } bmc)
        {
            return null;
        }

        try
        {
            return await LookOf(node, bmc).WaitAsync(patience.Glance, time, cancellation);
        }
        catch (TimeoutException)
        {
            return new(State: null, PowerFailure.Silent, $"{Bmcs.Called(node.HostName, bmc)} did not say within "
                + $"{patience.Glance.TotalSeconds:0} s whether the machine is on");
        }
    }

    /// <summary>It was switched: what was seen before does not count.</summary>
    public void Forget(MacAddress machine)
    {
        lock (_looking)
        {
            _last.Remove(machine);
        }
    }

    private Task<PowerLook?> LookOf(Node node, BmcSettings bmc)
    {
        lock (_looking)
        {
            if (!_last.TryGetValue(node.Mac, out var last) || last.Of != bmc || IsOld(last))
            {
                _last[node.Mac] = last = new(bmc, Task.Run(() => AskAsync(node)), time.GetTimestamp());
            }

            return last.Answer;
        }
    }

    /// <summary>One that is slow is not asked again before it has answered.</summary>
    private bool IsOld(Look look) => look.Answer.IsCompleted && time.GetElapsedTime(look.Asked) >= Freshness;

    private async Task<PowerLook?> AskAsync(Node node)
    {
        try
        {
            return new(await bmcs.GlanceAsync(node), Failure: null, Message: null);
        }
        catch (PowerException e)
        {
            return e.Failure == PowerFailure.Busy ? null : new(State: null, e.Failure, e.Message);
        }
    }

    /// <param name="Asked">As <see cref="TimeProvider.GetTimestamp"/> has it.</param>
    private sealed record Look(BmcSettings Of, Task<PowerLook?> Answer, long Asked);
}

/// <summary>What a BMC said of its machine, or why it did not.</summary>
/// <param name="State"><c>null</c> where there is a failure.</param>
/// <param name="Message">Of the failure: which BMC, and why.</param>
internal sealed record PowerLook(PowerState? State, PowerFailure? Failure, string? Message);
