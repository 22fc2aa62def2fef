using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Rendering;

namespace Bootstrapper.Http;

/// <summary>Takes machines into the cluster that the description does not name, and lets them go again.</summary>
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
            var cluster = current.Value.Cluster;
            var others = EnrolledNodes.Read(bsroot).Where(known => known.Mac != machine.Mac).ToList();
            var joined = EnrolledNodes.Join(cluster, others).Cluster;
            var enrolled = new EnrolledNode(machine.Mac, hostName, profile ?? FirstNotFull(joined)?.Name);
            return inventory.Change(machine.Mac, machine.Node, wish, record =>
            {
                var step = EnrolledNodes.Objection(enrolled, joined.Nodes, cluster) is { } objection
                    ? Step.Refuse(record, objection)
                    : NodeLifecycle.Enrol(record, hostName, time.GetUtcNow());
                if (step.Refusal is null)
                {
                    EnrolledNodes.Write(bsroot, [.. others, enrolled]); // killed after this, we find it named and only seen, which makes it configured
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
    private static Profile? FirstNotFull(ClusterDescription cluster) =>
        cluster.Profiles.FirstOrDefault(profile => profile.Quantity is null || cluster.Nodes.Count(node => node.Profile == profile.Name) < profile.Quantity)
        ?? cluster.Profiles.FirstOrDefault(profile => profile.Name == DefaultProfile);
}
