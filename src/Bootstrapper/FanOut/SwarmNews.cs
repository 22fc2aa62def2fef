using Bootstrapper.Cluster;

namespace Bootstrapper.FanOut;

/// <summary>What became known by what a machine said.</summary>
/// <param name="Finished">Set when it has the whole image for the first time.</param>
/// <param name="Dropped">A machine that two others complained about now: nobody is sent to it any more, or for a while.</param>
internal sealed record SwarmNews(Provenance? Finished = null, DroppedMachine? Dropped = null);

/// <summary>Where the chunks of a machine came from.</summary>
/// <param name="Machines">How many gave it <paramref name="FromMachines"/>.</param>
internal sealed record Provenance(int FromHere, int FromMachines, int Machines);

/// <param name="Lied">Whether it sent something else than the chunk; else it did not answer in time.</param>
internal sealed record DroppedMachine(MacAddress Mac, bool Lied);
