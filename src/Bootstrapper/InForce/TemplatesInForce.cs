using Bootstrapper.Cluster;
using Bootstrapper.Rendering;

namespace Bootstrapper.InForce;

/// <summary>
/// Where templates on disk are broken that nodes use, those are taken as they were in force before, and everything else as it is
/// now: one mistake holds back its own file, with every node that it is for, and no other edit.
/// </summary>
/// <param name="before">As they were in force.</param>
/// <param name="now">As they are on disk.</param>
internal sealed class TemplatesInForce(IReadOnlyList<TemplateFile> before, IReadOnlyList<TemplateFile> now)
{
    private readonly Dictionary<string, TemplateFile> _before = before.ToDictionary(file => file.Name, StringComparer.Ordinal),
        _now = now.ToDictionary(file => file.Name, StringComparer.Ordinal);

    /// <summary>Why each is held back that is.</summary>
    private readonly Dictionary<string, IReadOnlyList<Problem>> _heldBack = new(StringComparer.Ordinal);

    private IEnumerable<string> Changed => _before.Keys.Union(_now.Keys, StringComparer.Ordinal)
        .Where(name => _before.GetValueOrDefault(name) != _now.GetValueOrDefault(name) && !_heldBack.ContainsKey(name));

    /// <param name="attempt">Tries templates on every node, with why some of them are not as they are on disk.</param>
    /// <returns>The first that may be served; what those on disk gave, where none may.</returns>
    public LoadResult Settle(Func<IReadOnlyList<TemplateFile>, IReadOnlyList<HeldBack>, LoadResult> attempt)
    {
        var first = attempt(now, []);
        for (var result = first; ; result = attempt([.. Files()], [.. Reasons()]))
        {
            if (result.Snapshot is not null || !HoldBack(result))
            {
                return result.Snapshot is null ? first : result;
            }
        }
    }

    /// <summary>
    /// Those that have the mistakes; where none of those was changed, all that were: one may be wrong only beside another.
    /// </summary>
    /// <returns>Whether there was one to hold back.</returns>
    private bool HoldBack(LoadResult result)
    {
        var mistakes = result.Errors.ToLookup(problem => problem.File ?? "", StringComparer.Ordinal);
        var changed = Changed.ToList();
        var named = changed.Where(mistakes.Contains).ToList();
        foreach (var name in named.Count > 0 ? named : changed)
        {
            _heldBack[name] = [.. mistakes[name].DefaultIfEmpty(Beside(name))];
        }

        return changed.Count > 0;
    }

    private static Problem Beside(string name) => Problem.Error("", "with it, what nodes are told is wrong") with { File = name };

    private IEnumerable<TemplateFile> Files() => _now.Keys.Union(_heldBack.Keys, StringComparer.Ordinal)
        .Select(name => (_heldBack.ContainsKey(name) ? _before : _now).GetValueOrDefault(name)).OfType<TemplateFile>();

    private IEnumerable<HeldBack> Reasons() =>
        _heldBack.Select(held => new HeldBack(held.Key, held.Value, WasThere: _before.ContainsKey(held.Key)));
}

/// <param name="File">A template that is not in force as it is on disk.</param>
/// <param name="Mistakes">Why not.</param>
/// <param name="WasThere">Whether it was in force before; else it is as if it were not there.</param>
internal sealed record HeldBack(string File, IReadOnlyList<Problem> Mistakes, bool WasThere);
