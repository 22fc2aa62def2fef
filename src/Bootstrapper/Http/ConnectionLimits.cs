using System.Globalization;
using System.Net;
using Bootstrapper.Host;

namespace Bootstrapper.Http;

/// <summary>
/// How many connections the web server holds at once. Each costs a file descriptor, and one more while it fetches a file; a part
/// of them is kept for records, programs that we run, and whatever else must go on.
/// </summary>
/// <param name="descriptors">How many this process may have open.</param>
/// <param name="standingOf">Who is at an address; asked only where it decides.</param>
internal sealed partial class ConnectionLimits(
    long descriptors, Func<IPAddress, Standing> standingOf, TimeProvider time, ILogger<ConnectionLimits> logger)
{
    /// <summary>Ten thousand machines that are switched on at once have one each; they cost some 20 KiB of memory each.</summary>
    private const int Most = 16_384;

    /// <summary>Of one address; a browser has six, and a rack behind a router that hides its addresses has some dozens.</summary>
    private const int MostOfAddress = 64;

    /// <summary>Of one address, once three quarters are taken: so a few clients cannot take the rest.</summary>
    private const int MostOfAddressWhenCrowded = 4;

    /// <summary>Kept for all else.</summary>
    private const int Reserve = 256;

    private const int Fewest = 512;

    private const string Reserved = "reserved";

    private readonly Lock _gate = new();
    private readonly OncePer _warnings = new(TimeSpan.FromMinutes(1), time);
    private readonly Dictionary<IPAddress, int> _open = [];
    private readonly Dictionary<string, long> _refused = new(StringComparer.Ordinal)
    {
        ["address"] = 0,
        ["crowded"] = 0,
        [Reserved] = 0,
        ["total"] = 0,
    };

    private int _all;

    /// <summary>Altogether, loopback aside.</summary>
    public int MostOfAll { get; } = (int)Math.Clamp((descriptors - Reserve) / 2, 16, Most);

    /// <summary>
    /// How many connections were closed at once, by reason: a limit of one <c>address</c>, a lower one while it is
    /// <c>crowded</c>, what is <c>reserved</c> for nodes, or the limit of all.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, long>> Refused
    {
        get
        {
            lock (_gate)
            {
                return [.. _refused];
            }
        }
    }

    /// <summary>How many this process may have open; the runtime raised that to the hard limit when it started.</summary>
    public static long Descriptors()
    {
        const string Key = "Max open files";
        var soft = File.ReadLines("/proc/self/limits").First(line => line.StartsWith(Key, StringComparison.Ordinal))[Key.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
    }

    /// <summary>
    /// The program itself has some 270 open, its assemblies among them: with fewer, the runtime ends it in the middle of a start.
    /// </summary>
    /// <returns>Why so many are too few to start with; <c>null</c> where they are not.</returns>
    public static string? Objection(long descriptors) => descriptors >= Fewest ? null
        : $"the limit of file descriptors is {descriptors}: expected at least {Fewest}; raise it (ulimit -Hn, LimitNOFILE=, "
            + "--ulimit nofile=)";

    /// <summary>Counts a connection in; <see cref="Leave"/> counts it out. Those of this machine are always let in.</summary>
    /// <returns>Whether it may stay; otherwise it is one too many, and to be closed.</returns>
    public bool TryEnter(IPAddress from)
    {
        if (IPAddress.IsLoopback(from))
        {
            return true;
        }

        var objection = Enter(from, Standing.Stranger);
        if (objection == Reserved && standingOf(from) is > Standing.Stranger and var standing)
        {
            objection = Enter(from, standing);
        }

        if (objection is not null)
        {
            Refuse(from, objection);
        }

        return objection is null;
    }

    /// <summary>A connection that was let in is closed.</summary>
    public void Leave(IPAddress from)
    {
        if (IPAddress.IsLoopback(from))
        {
            return;
        }

        lock (_gate)
        {
            _all--;
            if (--_open[from] == 0)
            {
                _open.Remove(from);
            }
        }
    }

    /// <returns>Why it is not let in; <c>null</c> where it is, and counted.</returns>
    private string? Enter(IPAddress from, Standing standing)
    {
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(from);
            if (Objection(open, standing) is { } reason)
            {
                return reason;
            }

            _open[from] = open + 1;
            _all++;
            return null;
        }
    }

    private string? Objection(int open, Standing standing) =>
        _all >= MostOfAll ? "total"
        : open >= MostOfAddress ? "address"
        : open >= MostOfAddressWhenCrowded && _all >= MostOfAll / 4 * 3 ? "crowded"
        : _all >= MostFor(standing) ? Reserved
        : null;

    /// <summary>
    /// The last eighth is not for strangers, and its last half for nodes alone: however many addresses somebody answers for,
    /// nodes are served, and with them installations go on.
    /// </summary>
    private int MostFor(Standing standing) => MostOfAll - standing switch
    {
        Standing.Node => 0,
        Standing.OperatorsNetwork => MostOfAll / 16,
        _ => MostOfAll / 8,
    };

    private void Refuse(IPAddress from, string reason)
    {
        lock (_gate)
        {
            _refused[reason]++;
            if (_warnings.TryPass())
            {
                LogRefused(from, _open.GetValueOrDefault(from), _all, MostOfAll);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Closed a connection from {Address} at once: {Open} of its are open, and {All} of {Most} altogether")]
    private partial void LogRefused(IPAddress address, int open, int all, int most);
}
