using System.Buffers;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Loaders;
using Bootstrapper.Rendering.Stencils;

namespace Bootstrapper.Planning;

/// <summary>
/// What of all that a node is given differs, to the byte, between two descriptions. Certificates and keys are issued anew now and
/// then whatever a description says, so on both sides the same stand in their place.
/// </summary>
internal sealed class NodeComparison(PlanSide before, PlanSide after)
{
    private readonly Snapshot _before = before.Snapshot, _after = after.Snapshot;
    private readonly bool _templatesAreSame = before.Snapshot.HasSameTemplates(after.Snapshot);

    /// <exception cref="RenderingException">A template is broken for a name that it was not tried with.</exception>
    public Given Changed(Node old, Node now) =>
        (before.Hosts.Of(old) == after.Hosts.Of(now) ? Given.None : Given.Addresses)
        | (HasSameBoot(old, now) ? Given.None : Given.Boot)
        | (_before.HasSameInstallScript(old, _after, now, _templatesAreSame) ? Given.None : Given.InstallScript)
        | (HasSameConfig(old, now) ? Given.None : Given.Config)
        | (_before.Generic(old, NodeSecrets.Distinct) == _after.Generic(now, NodeSecrets.Distinct) ? Given.None : Given.Generic);

    private bool HasSameBoot(Node old, Node now)
    {
        var (boot, next) = (_before.NetBoot(old), _after.NetBoot(now));
        return _before.BootFile(old, BootTarget.Install) == _after.BootFile(now, BootTarget.Install)
            && IpxeScript.Boot(boot.NamingInitrd()) == IpxeScript.Boot(next.NamingInitrd())
            && GrubConfig.Boot(boot) == GrubConfig.Boot(next);
    }

    private bool HasSameConfig(Node old, Node now) => old.Config == now.Config && AreSame(
        _before.Configs.Of(old, old.Config, NodeSecrets.Distinct), _after.Configs.Of(now, now.Config, NodeSecrets.Distinct));

    private static bool AreSame(FilledConfig one, FilledConfig other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }

        var (first, second) = (ArrayPool<byte>.Shared.Rent(one.Length), ArrayPool<byte>.Shared.Rent(one.Length));
        one.WriteTo(first);
        other.WriteTo(second);
        var areSame = first.AsSpan(0, one.Length).SequenceEqual(second.AsSpan(0, one.Length));
        ArrayPool<byte>.Shared.Return(first);
        ArrayPool<byte>.Shared.Return(second);
        return areSame;
    }
}
