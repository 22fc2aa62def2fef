using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Boot;

/// <summary>
/// The boot loader's files, one per node: TFTP has no logic of its own, so what a machine is told must be written down before it
/// asks.
/// </summary>
internal sealed class BootFiles(Bsroot bsroot, CurrentSnapshot current, BootOrders orders)
{
    private const string OurFirstWords = "# Rendered by bootstrapper ";

    private Snapshot? _next;

    private Snapshot Snapshot => Volatile.Read(ref _next) ?? current.Value;

    private string Directory => Path.GetDirectoryName(bsroot.At(Bsroot.PxelinuxFile(default)))!;

    /// <param name="node">As the description names it; <c>null</c> for a machine that it does not name.</param>
    public void Write(Node? node, NodeRecord record)
    {
        if (node is not null)
        {
            var snapshot = Snapshot;
            var order = orders.Now(snapshot, node, record);
            ArtifactWriter.Write(bsroot, [snapshot.BootFile(node, order.Target, order.Wait)]);
        }
        else
        {
            WriteUnplanned(record);
        }
    }

    /// <summary>
    /// What is written from here on is of this description: before it comes into force, so that writing may still fail. Once it
    /// is in force, or is given up for the one in force, whatever is in force is followed again.
    /// </summary>
    public void Follow(Snapshot next) => Volatile.Write(ref _next, next == current.Value ? null : next);

    /// <summary>
    /// A machine that the description does not name is told what all of them are, unless an operator holds it or it waits.
    /// </summary>
    private void WriteUnplanned(NodeRecord record)
    {
        if (record.Held)
        {
            ArtifactWriter.Write(bsroot, [Snapshot.LocalDiskFile(record.Mac)]);
        }
        else if (orders.WaitOf(Snapshot, node: null, record) is { } wait)
        {
            ArtifactWriter.Write(bsroot, [Snapshot.WaitFile(record.Mac, record.HostName, wait)]);
        }
        else if (bsroot.At(Bsroot.PxelinuxFile(record.Mac)) is var file && File.Exists(file) && IsOurs(file))
        {
            Bsroot.Remove(file);
        }
    }

    /// <summary>A node that left the description must not be installed any more. Files that an operator wrote stay.</summary>
    public void RemoveOthers(IEnumerable<MacAddress> machines)
    {
        var wanted = machines.Select(mac => bsroot.At(Bsroot.PxelinuxFile(mac))).ToHashSet(StringComparer.Ordinal);
        foreach (var file in System.IO.Directory.EnumerateFiles(Directory, "01-*")
            .Where(file => !wanted.Contains(file) && IsOurs(file)).ToList())
        {
            Bsroot.Remove(file);
        }
    }

    /// <summary>What cannot be read, a link that leads nowhere or a pipe for one, was put there by somebody else.</summary>
    public static bool IsOurs(string file)
    {
        try
        {
            return FileStamp.IsFile(file) && File.ReadLines(file, Encoding.UTF8).FirstOrDefault() is { } line
                && line.StartsWith(OurFirstWords, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
