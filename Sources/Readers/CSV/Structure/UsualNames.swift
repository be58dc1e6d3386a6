// SPDX-License-Identifier: Apache-2.0

extension MappedBytes {
  /// Words that name the first column of many tables, and are hardly ever a value in it.
  private static let usualNames: [StaticString] = [
    "id", "name", "date", "time", "year", "month", "day", "week", "country", "region", "state", "city", "county",
    "district", "station", "site", "sample", "subject", "species", "gene", "product", "item", "category", "type",
    "code",
    "group", "team", "player", "customer", "company", "department", "age", "size", "height", "depth", "position",
    "datum", "jahr", "monat", "tag", "land", "stadt", "ort", "artikel", "produkt", "kategorie", "gruppe", "alter",
    "pays", "ville", "mois", "jour", "nom", "produit", "article", "classe", "sexe",
    "fecha", "mes", "ciudad", "nombre", "producto", "edad", "provincia", "municipio",
    "data", "ano", "nome", "paese", "anno", "mese", "prodotto", "produto", "cidade", "comune",
    "naam", "jaar", "maand", "gemeente", "stad", "namn", "kommun", "navn", "dato", "nazwa", "rok", "miasto", "kraj",
  ]

  /// Whether a cell is one of the usual names, in any case.
  func isUsualName(_ field: FieldPlace) -> Bool {
    guard (2...12).contains(field.length) else { return false }
    return withSpan(field.start..<field.end) { cell in
      let range = CellParser.trim(cell)
      return Self.usualNames.contains { CellParser.matches(cell, range, $0) }
    }
  }
}
