using Bootstrapper.Host;

namespace Bootstrapper.Inventory.Audit;

/// <summary>Puts on the audit trail what is done to no machine: who, what, and from where.</summary>
internal sealed class OperationsTrail(AuditTrail audit, TimeProvider time)
{
    /// <summary>After that long without one, the next is told like a first.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Different ones in a window; more are told as one kind: machines can make up as many as they like.</summary>
    internal const int MostKinds = 200;

    private readonly Lock _gate = new();
    private readonly RecentCounts<(string Who, string What)> _ofMachines = new(Window, MostKinds, time);
    private readonly RecentCounts<(string Who, string What)> _ofOperators = new(Window, MostKinds, time);

    /// <summary>Returns when it will be committed even if the process is killed now: it is told before it is done.</summary>
    /// <param name="what">Such as <c>etcd: a discovery for 3 members</c>.</param>
    /// <param name="from">The address.</param>
    public void Note(Author by, string what, string from) =>
        audit.Record(new AuditCommit(what, $"from {from}", by, time.GetUtcNow(), []));

    /// <summary>
    /// Likewise what programs do again and again: the first is told, and those that follow as a number when twice as many have
    /// come.
    /// </summary>
    public void NoteFolded(Author by, string what, string from)
    {
        if (Fold(by, what, from) is { } told)
        {
            Note(told.By, told.What, told.From);
        }
    }

    private (Author By, string What, string From)? Fold(Author by, string what, string from)
    {
        lock (_gate)
        {
            var recent = by.IsOperator ? _ofOperators : _ofMachines;
            if (recent.Add(($"{by} {from}", what)) is not { } times)
            {
                (what, from) = ("operations of many kinds", "many addresses");
                times = recent.AddBeyond(("", what));
            }

            return times == 1 ? (by, what, from)
                : int.PopCount(times) == 1 ? (by, $"{what}, {times} times", from)
                : null;
        }
    }
}
