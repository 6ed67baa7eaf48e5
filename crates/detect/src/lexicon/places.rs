//! Places, and the words of which addresses are made; without accents, one word each.

use super::{Flags, is};

/// Words, and what they are.
pub(super) const WORDS: &[(&str, Flags)] = &[
    (
        "afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahamas bahrain bangladesh \
         barbados belarus belgium belize benin bhutan bolivia bosnia botswana brazil brunei bulgaria burundi cambodia cameroon \
         canada chad chile china colombia comoros congo croatia cuba cyprus czechia denmark djibouti dominica ecuador egypt \
         eritrea estonia eswatini ethiopia fiji finland france gabon gambia germany ghana greece greenland grenada guatemala \
         guinea guyana haiti honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan \
         kazakhstan kenya kiribati kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya liechtenstein lithuania \
         luxembourg macau madagascar malawi malaysia maldives mali malta mauritania mauritius mexico micronesia moldova monaco \
         mongolia montenegro morocco mozambique myanmar namibia nauru nepal netherlands nicaragua niger nigeria norway oman \
         pakistan palau palestine panama paraguay peru philippines poland portugal qatar romania russia rwanda samoa senegal \
         serbia seychelles singapore slovakia slovenia somalia spain sudan suriname sweden switzerland syria taiwan tajikistan \
         tanzania thailand togo tonga tunisia turkey turkmenistan tuvalu uganda ukraine uruguay uzbekistan vanuatu venezuela \
         vietnam yemen zambia zimbabwe england scotland wales usa america deutschland osterreich schweiz suisse espana italia \
         brasil bharat britain kingdom emirates",
        is::COUNTRY,
    ),
    (
        "alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii idaho illinois indiana iowa \
         kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada \
         hampshire jersey ohio oklahoma oregon pennsylvania tennessee texas utah vermont wisconsin wyoming ontario quebec \
         manitoba saskatchewan alberta newfoundland labrador yukon nunavut columbia scotia brunswick queensland tasmania \
         bavaria bayern hessen hesse saxony sachsen thuringen brandenburg westfalen bretagne normandie occitanie provence \
         maharashtra karnataka gujarat rajasthan punjab kerala telangana haryana bihar odisha assam andhra pradesh tamil nadu \
         province municipality prefecture county canton oblast",
        is::STATE,
    ),
    (
        "london paris berlin madrid rome vienna zurich geneva bern basel munich munchen hamburg frankfurt koln cologne stuttgart \
         dusseldorf leipzig dresden hannover nurnberg bremen essen dortmund bonn mannheim karlsruhe lyon marseille toulouse nice \
         nantes strasbourg montpellier bordeaux lille rennes reims grenoble dijon angers barcelona valencia sevilla zaragoza \
         malaga bilbao lisbon lisboa porto milan milano napoli torino turin florence firenze venezia bologna genova amsterdam \
         rotterdam utrecht eindhoven groningen brussels bruxelles antwerp gent ghent copenhagen stockholm oslo helsinki goteborg \
         malmo uppsala bergen trondheim aarhus odense tampere turku espoo reykjavik warsaw krakow wroclaw gdansk poznan prague \
         praha brno budapest bucharest sofia belgrade zagreb ljubljana athens istanbul ankara izmir moscow petersburg kyiv kiev \
         lviv minsk riga tallinn vilnius dublin cork galway limerick belfast edinburgh glasgow aberdeen cardiff manchester \
         birmingham liverpool leeds sheffield bristol newcastle nottingham leicester coventry oxford cambridge brighton plymouth \
         southampton portsmouth norwich exeter bath york chicago houston philadelphia phoenix antonio dallas boston \
         seattle denver detroit atlanta miami minneapolis cleveland orlando tampa pittsburgh sacramento portland baltimore \
         nashville memphis milwaukee albuquerque tucson fresno omaha oakland tulsa wichita arlington honolulu anchorage toronto \
         montreal vancouver calgary edmonton ottawa winnipeg halifax hamilton regina saskatoon sydney melbourne brisbane perth \
         adelaide hobart darwin canberra auckland wellington christchurch mumbai delhi bangalore bengaluru chennai kolkata \
         hyderabad pune ahmedabad jaipur lucknow kanpur nagpur indore bhopal surat patna kochi goa gurgaon gurugram noida karachi \
         lahore islamabad dhaka kathmandu colombo tokyo osaka kyoto nagoya sapporo fukuoka yokohama kobe seoul busan beijing \
         shanghai shenzhen guangzhou chengdu wuhan nanjing hangzhou tianjin chongqing xiamen suzhou qingdao dalian changsha \
         zhengzhou kunming harbin shenyang jinan hefei fuzhou ningbo guangdong hunan hubei sichuan yunnan fujian zhejiang jiangsu shandong \
         henan hebei shanxi shaanxi guangxi guizhou hainan jiangxi anhui gansu qinghai xinjiang tibet taipei kowloon kong haikou \
         sanya lhasa lijiang dali guilin yantai wuxi foshan dongguan zhuhai bangkok hanoi jakarta manila kuala lumpur dubai doha \
         riyadh jeddah cairo casablanca tunis algiers lagos nairobi accra johannesburg durban pretoria capetown tehran baghdad \
         beirut damascus amman jerusalem haifa mexico guadalajara monterrey bogota medellin lima quito caracas santiago buenos \
         aires montevideo paulo janeiro brasilia salvador recife havana kingston juan europe asia africa atlantic pacific hollywood \
         brooklyn manhattan queens bronx westminster kensington chelsea yangpu pudong xuhui chaoyang haidian",
        is::CITY,
    ),
    (
        "street st avenue ave road rd boulevard blvd lane ln drive dr court ct place pl terrace ter square sq highway hwy parkway \
         pkwy circle cir way trail trl crescent cres close grove mews alley plaza esplanade freeway turnpike row walk gardens \
         rue allee chemin impasse quai cours strasse str platz weg gasse ring damm ufer steig calle cl avda avenida av paseo \
         carretera ctra camino plaza ronda via viale piazza corso vicolo strada largo rua travessa praca estrada alameda \
         straat laan plein gracht kade dreef gata gatan vagen vag vej gade alle katu tie kuja polku utca ut ter tere korut ulica ul \
         aleja al osiedle os namesti trida ulice trg cesta put marg nagar chowk salai",
        is::STREET,
    ),
    (
        "apt apartment suite ste unit flat floor fl room rm box po bp postfach casella apartado building bldg block \
         lot penthouse psc hsc poste stock etage wohnung piso puerta interno lgh byt dv em",
        is::UNIT,
    ),
    (
        "al ak az ca co ct fl ga hi id il ky la md mi mn mo mt ne nv nh nj nm ny nc nd oh ok pa ri sc sd tn tx ut vt va wa wv \
         wi wy dc ap aa on qc mb sk bc ab ns nb nl pe yt nt nu nsw vic qld tas act",
        is::STATE_CODE,
    ),
];
