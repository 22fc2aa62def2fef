using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Inventory.Audit;

/// <summary>Puts on the audit trail what changes no machine's record: who, what, and from where.</summary>
internal sealed class OperationsTrail(AuditTrail audit, TimeProvider time)
{
    /// <summary>After that long without one, the next is told like a first.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>
    /// Different ones in a window; more are told as one kind. Each operator has as many, and all machines together: they can make
    /// up as many names as they like.
    /// </summary>
    internal const int MostKinds = 200;

    private readonly Lock _gate = new();
    private readonly RecentCounts<(string From, string What)> _ofMachines = new(Window, MostKinds, time);
    private readonly Dictionary<string, RecentCounts<(string From, string What)>> _ofOperators = new(StringComparer.Ordinal);

    /// <summary>Returns when it will be committed even if the power goes now: it is told before it is done.</summary>
    /// <param name="what">Such as <c>etcd: a discovery for 3 members</c>.</param>
    /// <param name="from">The address.</param>
    /// <param name="reason">Why, in the words of whoever asks; may be empty.</param>
    /// <param name="mac">The machine that it is done to; <c>null</c> for none.</param>
    /// <exception cref="IOException">It cannot be told, so it must not be done.</exception>
    public void Note(Author by, string what, string from, string reason = "", MacAddress? mac = null)
    {
        var why = reason.Length == 0 ? $"from {from}" : $"{reason} (from {from})";
        audit.RecordForCertain(new AuditCommit(what, why, by, time.GetUtcNow(), []) { Mac = mac });
    }

    /// <summary>
    /// Likewise what programs do again and again: the first is told, and those that follow as a number when twice as many have
    /// come.
    /// </summary>
    /// <inheritdoc cref="Note" path="/exception"/>
    public void NoteFolded(Author by, string what, string from)
    {
        lock (_gate) // until it is told: what is not told relies on it
        {
            var recent = by.IsOperator ? OfOperator(by.Name) : _ofMachines;
            var kind = (from, what);
            if (recent.Add(kind) is not { } times)
            {
                kind = ("many addresses", "operations of many kinds");
                times = recent.AddBeyond(kind);
            }

            if (int.PopCount(times) == 1)
            {
                Tell(by, kind, times, recent);
            }
        }
    }

    private void Tell(Author by, (string From, string What) kind, int times, RecentCounts<(string From, string What)> recent)
    {
        try
        {
            Note(by, times == 1 ? kind.What : $"{kind.What}, {times} times", kind.From);
        }
        catch
        {
            recent.Forget(kind); // the next one is told
            throw;
        }
    }

    private RecentCounts<(string From, string What)> OfOperator(string name)
    {
        if (!_ofOperators.TryGetValue(name, out var recent))
        {
            recent = _ofOperators[name] = new(Window, MostKinds, time);
        }

        return recent;
    }
}
