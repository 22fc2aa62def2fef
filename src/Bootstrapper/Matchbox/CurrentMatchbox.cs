using Bootstrapper.Cluster;

namespace Bootstrapper.Matchbox;

/// <summary>The matchbox data directory in force. A broken one changes nothing and is shown until it is fixed.</summary>
internal sealed class CurrentMatchbox
{
    private volatile MatchboxDirectory? _value;
    private volatile IReadOnlyList<Problem> _rejected = [];

    /// <summary><c>null</c> where there is none.</summary>
    public MatchboxDirectory? Value => _value;

    /// <summary>What is wrong with the files as they are on disk now; empty while the newest are in force.</summary>
    public IReadOnlyList<Problem> Rejected => _rejected;

    public void Conclude(MatchboxReading reading)
    {
        _rejected = reading.Problems;
        if (reading.Problems.Count == 0)
        {
            _value = reading.Directory;
        }
    }
}
