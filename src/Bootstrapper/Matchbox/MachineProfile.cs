using Bootstrapper.Model;
using Bootstrapper.Rendering;

namespace Bootstrapper.Matchbox;

/// <summary>
/// What machines boot and what they are told to become: a file in <c>profiles/</c>. What it does not name is <c>null</c>.
/// </summary>
internal sealed record MachineProfile(string Id)
{
    public NetBoot? Boot { get; init; }

    public MachineConfig? Ignition { get; init; }

    public MachineConfig? Cloud { get; init; }

    public MachineConfig? Generic { get; init; }

    public IEnumerable<MachineConfig> Configs => new[] { Ignition, Cloud, Generic }.OfType<MachineConfig>();
}

/// <summary>A file in <c>ignition/</c>, <c>cloud/</c> or <c>generic/</c>, read once.</summary>
/// <param name="File">Such as <c>matchbox/cloud/worker.yaml</c>.</param>
/// <param name="Source">Its text, before any template in it is rendered.</param>
/// <param name="Render">Gives the text for a group's variables; throws <see cref="RenderingException"/>.</param>
internal sealed record MachineConfig(string File, string Source, Func<IReadOnlyDictionary<string, object?>, string> Render);
