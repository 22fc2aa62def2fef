namespace Bootstrapper.Bundles;

/// <summary>Finds what is demanded.</summary>
internal sealed class Supply(ServedFiles files, ImageSupply images)
{
    /// <returns>
    /// All files that the demand needs; <c>null</c> where one of them is missing, or where nothing in a bundle could help.
    /// </returns>
    public IReadOnlyList<string>? Find(Demand demand) => demand.Kind switch
    {
        DemandKind.File => FindFile(demand.Name),
        DemandKind.FilesBelow => files.HasBelow(files.Resolve(demand.Name).Path) ? [] : null,
        DemandKind.Image => images.FilesOf(demand.Name) is { } parts && parts.All(files.Has) ? parts : null,
        DemandKind.ImagesBelow => images.Names.Any(name => name.StartsWith(demand.Name, StringComparison.Ordinal)) ? [] : null,
        _ => null,
    };

    /// <summary>A folder will do, too: a script was told where to look.</summary>
    private IReadOnlyList<string>? FindFile(string name)
    {
        var (path, links) = files.Resolve(name);
        return files.Has(path) ? [path, .. links] : files.HasBelow($"{path}/") ? links : null;
    }
}
