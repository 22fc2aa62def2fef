using System.Text.Json.Serialization;

namespace Bootstrapper.Inventory.Etcd;

/// <summary>The members of one etcd cluster that have come so far, oldest first.</summary>
/// <param name="Size">How many begin the cluster; who comes later is no member.</param>
/// <param name="Index">Counts the changes.</param>
internal sealed record EtcdDiscovery(int Size, long Index, IReadOnlyList<EtcdMember> Members)
{
    private const int MostMembers = 100;

    /// <summary>Completes with the next change.</summary>
    [JsonIgnore]
    public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EtcdMember? Find(string id) => Members.FirstOrDefault(member => member.Id == id);

    /// <param name="value"><c>null</c> takes the member out.</param>
    public EtcdDiscovery With(string id, string? value)
    {
        var known = Find(id);
        var others = Members.Where(member => member.Id != id).ToList();
        if (value is null ? known is null : known is null && others.Count >= MostMembers)
        {
            return this;
        }

        var next = Index + 1;
        return new EtcdDiscovery(
            Size, next, value is null ? others : [.. others, new EtcdMember(id, value, known?.Created ?? next, next)]);
    }
}

/// <param name="Value">Its name and where it is: <c>node1=https://10.0.0.1:2380</c>.</param>
/// <param name="Created">The index at which it came.</param>
/// <param name="Modified">The index at which it last changed.</param>
internal sealed record EtcdMember(string Id, string Value, long Created, long Modified);
