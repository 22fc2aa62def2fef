using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Http.Operators;

/// <summary>Takes machines into the cluster that the description does not name, and removes them again.</summary>
internal sealed class Enrolment(Bsroot bsroot, CurrentSnapshot current, NodeInventory inventory, TimeProvider time)
{
    private const string DefaultProfile = "default";

    private readonly Lock _writing = new();

    public bool IsEnrolled(MacAddress mac) => EnrolledNodes.Read(bsroot).Any(node => node.Mac == mac);

    /// <summary>The machine is in force as soon as the description is read again, which this sets off.</summary>
    /// <param name="profile"><c>null</c> for the first one that is not full.</param>
    /// <returns><c>null</c> when nothing is known of the machine.</returns>
    public Step? Enrol(Machine machine, string hostName, string? profile, Wish wish)
    {
        lock (_writing)
        {
            var profiles = current.Value.Cluster.Profiles;
            var waiting = EnrolledNodes.Read(bsroot).Where(known => known.Mac != machine.Mac).ToList();
            var others = current.Value.Cluster.Nodes.Select(EnrolledNode.Of)
                .Concat(waiting).DistinctBy(known => known.Mac).ToList();
            var names = TakenNames.Of(current.Value.Cluster);
            waiting.ForEach(node => _ = names.Take(node));
            var enrolled = new EnrolledNode(machine.Mac, hostName, profile ?? FirstNotFull(profiles, others)?.Name);
            return inventory.Change(machine.Mac, machine.Node, wish, record =>
            {
                var step = enrolled.Profile is null && profiles.Count > 0
                    ? Step.Refuse(record, $"every profile is full, and there is no profile {DefaultProfile}")
                    : enrolled.Objection(names, profiles) is { } objection ? Step.Refuse(record, objection)
                    : NodeLifecycle.Enrol(record, hostName, time.GetUtcNow());
                if (step.Refusal is null)
                {
                    // killed after this, we find it named and only seen, which makes it configured
                    EnrolledNodes.Write(bsroot, [.. waiting, enrolled]);
                }

                return step;
            });
        }
    }

    public void Remove(MacAddress mac)
    {
        lock (_writing)
        {
            EnrolledNodes.Write(bsroot, EnrolledNodes.Read(bsroot).Where(node => node.Mac != mac));
        }
    }

    /// <summary>mayu's rule: in file order the first that has room, else the one named <c>default</c>, else none.</summary>
    private static Profile? FirstNotFull(IReadOnlyList<Profile> profiles, IReadOnlyList<EnrolledNode> nodes) =>
        profiles.FirstOrDefault(profile =>
            profile.Quantity is null || nodes.Count(node => node.Profile == profile.Name) < profile.Quantity)
        ?? profiles.FirstOrDefault(profile => profile.Name == DefaultProfile);
}
