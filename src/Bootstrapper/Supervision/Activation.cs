using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Supervision;

/// <summary>
/// Puts a snapshot into force: files first, then whoever reads them. Nothing is changed before everything about it was tried.
/// </summary>
/// <param name="writeBootFiles">
/// Brings each node's boot file in line; what they say depends on the nodes' states, which are not ours to know.
/// </param>
/// <param name="removeOtherBootFiles">Removes those of machines that the description does not name.</param>
internal sealed partial class Activation(
    Bsroot bsroot,
    CurrentSnapshot current,
    Authorities authorities,
    FrontLeaf front,
    RegistryLeaf registry,
    LocalInterfaces interfaces,
    DhcpTurn ownDhcp,
    Action<Snapshot> writeBootFiles,
    Action<Snapshot> removeOtherBootFiles,
    ILogger<Activation> logger) : IDisposable
{
    private const string CandidatePath = "dnsmasq/candidate.conf";

    /// <summary>The artifacts as the supervisor names them: a new certificate is a changed file like any other.</summary>
    public const string RegistryCertificatePath = "registry.crt";

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Changed, and who reads them was not told yet: a try that failed after it must not be the end of that.</summary>
    private readonly HashSet<string> _untold = new(StringComparer.Ordinal);

    private bool _registryReadOnly;
    private IReadOnlyList<string>? _servedOn;

    /// <summary>Whether the bootstrapper's address went to another interface since the files were written.</summary>
    public bool HasMoved =>
        InterfacesOf(current.Value) is { } now && (_servedOn is null || !now.SequenceEqual(_servedOn, StringComparer.Ordinal));

    /// <exception cref="PkiException">A root cannot sign for it.</exception>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public async Task<ActivationResult> ActivateAsync(Snapshot next, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await PutInForceAsync(next, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Whether the registry refuses whatever would change its content, from its next start on and whatever is put into force
    /// meanwhile.
    /// </summary>
    /// <returns>The paths of the files that changed.</returns>
    public async Task<IReadOnlyList<string>> SetRegistryReadOnlyAsync(bool readOnly, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _registryReadOnly = readOnly;
            return ArtifactWriter.Write(bsroot, [current.Value.Registry(readOnly)]);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Lets dnsmasq serve the interface that has the bootstrapper's address now; see <see cref="HasMoved"/>.</summary>
    /// <returns>The paths of the files that changed.</returns>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public async Task<IReadOnlyList<string>> FollowAddressAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var servedOn = InterfacesOf(current.Value);
            Write(current.Value.Artifacts(_registryReadOnly, servedOn));
            _servedOn = servedOn;
            return TakeUntold();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<ActivationResult> PutInForceAsync(Snapshot next, CancellationToken cancellation)
    {
        var servedOn = InterfacesOf(next) ?? _servedOn;
        var artifacts = next.Artifacts(_registryReadOnly, servedOn);
        if (await TryDnsmasqAsync(artifacts, cancellation) is { Count: > 0 } problems)
        {
            return new ActivationResult(problems, []);
        }

        authorities.RequireNames(next.Cluster);
        front.Ensure(next.Cluster);
        if (registry.Ensure(next.Cluster))
        {
            _untold.Add(RegistryCertificatePath);
        }

        next.Configs.Prepare(); // before the first file of it is written: it takes a while
        using var away = next.HasBuiltInDhcp ? null : await ownDhcp.EndAsync(cancellation);
        WriteFiles(next, artifacts);
        _servedOn = servedOn;
        current.Replace(next);
        removeOtherBootFiles(next);
        return new ActivationResult([], TakeUntold());
    }

    private void WriteFiles(Snapshot next, IReadOnlyList<Artifact> artifacts)
    {
        try
        {
            writeBootFiles(next);
            Write(artifacts);
        }
        catch
        {
            TakeBack();
            throw;
        }
    }

    /// <summary>
    /// A child that is restarted, and a machine that boots, must not find half of a description that is not in force.
    /// </summary>
    private void TakeBack()
    {
        try
        {
            writeBootFiles(current.Value);
            Write(current.Value.Artifacts(_registryReadOnly, _servedOn));
        }
#pragma warning disable CA1031 // Why the new files could not be written is told by the caller; that is most likely the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotTakenBack(e);
        }
    }

    /// <summary>One by one: of a write that stops halfway, those before it are still to be told of.</summary>
    private void Write(IEnumerable<Artifact> artifacts)
    {
        foreach (var artifact in artifacts)
        {
            _untold.UnionWith(ArtifactWriter.Write(bsroot, [artifact]));
        }
    }

    private string[] TakeUntold()
    {
        string[] untold = [.. _untold];
        _untold.Clear();
        return untold;
    }

    public void Dispose() => _turn.Dispose();

    /// <returns><c>null</c> where none has an address of ours.</returns>
    private IReadOnlyList<string>? InterfacesOf(Snapshot snapshot) =>
        snapshot.Cluster.OwnAddresses.Select(InterfaceOf).OfType<string>().ToList() is { Count: > 0 } names ? names : null;

    private string? InterfaceOf(IPAddress own) =>
        interfaces.Holding(own) is { Index: not LocalInterface.LoopbackIndex } holder
            ? interfaces.Label(own) ?? holder.Name
            : null;

    private async Task<IReadOnlyList<Problem>> TryDnsmasqAsync(IReadOnlyList<Artifact> artifacts, CancellationToken cancellation)
    {
        var conf = artifacts.Single(artifact => artifact.Path == DnsmasqConf.ConfPath);
        ArtifactWriter.Write(bsroot, [conf with { Path = CandidatePath }]);
        var problems = await DnsmasqCheck.RunAsync(bsroot.At(CandidatePath), cancellation);
        if (problems.Count == 0)
        {
            Bsroot.Remove(bsroot.At(CandidatePath)); // a refused one stays: the problems name its lines
        }

        return problems;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot restore the files of the description in force")]
    private partial void LogNotTakenBack(Exception cause);
}

/// <summary>Why the snapshot was not put into force; or, when it was, the paths of the files that changed.</summary>
internal sealed record ActivationResult(IReadOnlyList<Problem> Problems, IReadOnlyList<string> ChangedPaths);
