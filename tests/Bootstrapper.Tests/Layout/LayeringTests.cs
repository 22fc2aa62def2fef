namespace Bootstrapper.Tests.Layout;

/// <summary>Data flows one way through the program.</summary>
public sealed class LayeringTests
{
    [Fact]
    public void A_folder_uses_only_the_layers_above_it() => Assert.Empty(
        from file in SourceTree.Files
        where SourceTree.LayerOf(file.Folder) >= 0
        from used in file.Uses
        where SourceTree.LayerOf(used) >= SourceTree.LayerOf(file.Folder)
        select $"{file.File} uses {used}");

    [Fact]
    public void Every_folder_has_a_layer() => Assert.Equal(
        SourceTree.Layers.SelectMany(layer => layer).Order(StringComparer.Ordinal),
        SourceTree.Files.Where(file => file.File != file.Folder).Select(file => file.Folder)
            .Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Beside_the_folders_stand_only_the_program_its_composition_and_its_data_root() => Assert.Equal(
        SourceTree.Beside.Keys.Order(StringComparer.Ordinal),
        SourceTree.Files.Where(file => file.File == file.Folder).Select(file => file.File).Order(StringComparer.Ordinal));

    [Fact]
    public void A_file_beside_the_folders_uses_what_it_may() => Assert.Empty(
        from file in SourceTree.Files
        where SourceTree.Beside.ContainsKey(file.File)
        from used in file.Uses.Except(SourceTree.Beside[file.File])
        select $"{file.File} uses {used}");
}
